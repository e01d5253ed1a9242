/** The command line of this process, quoted for a shell: what every failure ends with, and every report names. */
export const again = (): string => `spot-keeper ${process.argv.slice(2).map(quoted).join(' ')}`;

/** One word for a shell. */
export const quoted = (arg: string): string =>
  /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
