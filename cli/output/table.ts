/** The tables of results are those of every command; they live beside the results, which a command may import. */
export { table } from '../../report/table.ts';
