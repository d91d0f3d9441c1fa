/**
 * Prints `src/db/schema.ts` from the catalogue of a migrated database, so that the types of tables
 * cannot drift from the migrations. `--write` replaces the file; a test compares the two.
 */
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

interface Column {
  table_name: string;
  column_name: string;
  udt_name: string;
  is_nullable: 'YES' | 'NO';
  column_default: string | null;
}

const typeOf: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float8: 'number',
  timestamptz: 'Date',
  date: 'string',
  bytea: 'Buffer',
  jsonb: 'Json',
  _text: 'string[]',
  _uuid: 'string[]',
};

export async function printTableTypes(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<Column>(
    `select c.table_name, c.column_name, c.udt_name, c.is_nullable, c.column_default
       from information_schema.columns c
       join pg_class k on k.relname = c.table_name and k.relnamespace = 'public'::regnamespace
      where c.table_schema = 'public' and k.relkind in ('r', 'p') and not k.relispartition
      order by c.table_name, c.ordinal_position`,
  );
  const tables = Map.groupBy(rows, (row) => row.table_name);
  const interfaces = [...tables].map(
    ([name, columns]) => `export interface ${pascal(name)}Table {\n${columns.map(printColumn).join('')}}\n`,
  );
  const list = [...tables.keys()].map((name) => `  ${name}: ${pascal(name)}Table;\n`).join('');
  return `// Printed by scripts/table-types.ts from the migrations; do not edit.
import type { ColumnType, Generated } from 'kysely';

/** Read as whatever was written; written as JSON text. */
type Json = ColumnType<unknown, string, string>;

${interfaces.join('\n')}
export interface Schema {
${list}}
`;
}

function printColumn(column: Column): string {
  const base = typeOf[column.udt_name];
  if (base === undefined) throw new Error(`no type for ${column.udt_name} (${column.table_name})`);
  const nullable = column.is_nullable === 'YES' ? `${base} | null` : base;
  const type = column.column_default === null || base === 'Json' ? nullable : `Generated<${nullable}>`;
  return `  ${column.column_name}: ${type};\n`;
}

function pascal(name: string): string {
  return name.replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
  const text = await printTableTypes(pool);
  await pool.end();
  if (process.argv.includes('--write'))
    await writeFile(new URL('../src/db/schema.ts', import.meta.url), text);
  else process.stdout.write(text);
}
