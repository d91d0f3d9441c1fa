import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Rows } from './rows.ts';

const maxRows = 2_000;

/** Inserts all of them, thousands a statement: the columns of a table are those of its first row. */
export async function writeRows(tx: Tx, rows: Rows): Promise<void> {
  for (const [table, all] of rows.tables) {
    for (let start = 0; start < all.length; start += maxRows) {
      const chunk = all.slice(start, start + maxRows);
      const columns = sql.join(Object.keys(chunk[0] ?? {}).map((name) => sql.id(name)));
      await sql`
        insert into ${sql.id(table)} (${columns})
        select ${columns} from json_populate_recordset(null::${sql.id(table)}, ${JSON.stringify(chunk)}::json)`.execute(
        tx,
      );
    }
  }
}
