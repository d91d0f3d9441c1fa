import type { Schema } from '#db/schema.ts';

type Table = keyof Schema;
/** Columns that are left out have their defaults. */
export type Row<T extends Table> = Partial<Record<keyof Schema[T], unknown>>;

/** Rows of many tables, gathered to be written in a statement each. */
export class Rows {
  readonly tables = new Map<Table, Record<string, unknown>[]>();

  add<T extends Table>(table: T, row: Row<T>): void {
    const known = this.tables.get(table) ?? [];
    known.push(row);
    this.tables.set(table, known);
  }
}
