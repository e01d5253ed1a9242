/** What a clock on the wall of a zone shows: for policies that are wrong about other things than reading it. */
export function wallClock(now: number, zone: string): { readonly time: string; readonly asUtc: number } {
  const minute = Math.floor(now / 60_000);
  const key = `${zone} ${minute}`;
  const known = minutes.get(key) ?? read(minute * 60_000, zone);
  minutes.set(key, known);
  return { time: known.time, asUtc: known.asUtc + (now - minute * 60_000) };
}

/** Asking Intl is slow, and a check asks about the same minutes over and over. */
const minutes = new Map<string, { readonly time: string; readonly asUtc: number }>();
const formats = new Map<string, Intl.DateTimeFormat>();

function read(at: number, zone: string): { readonly time: string; readonly asUtc: number } {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const { year = '', month = '', day = '', hour = '', minute = '' } = parts;
  const asUtc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return { time: `${hour}:${minute}`, asUtc };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, format);
  return format;
}
