/** What a form says about one field of a config, beside what its schema says. Browser-safe. */
export interface Field {
  label: string;
  /** What to do while it is empty: `Choose the release to pre-save.` Absent: the field may stay empty. */
  missing?: string;
  help?: string;
  /** How it is filled in, where the schema does not show it. */
  kind?: FieldKind;
  /** Words for the values of a choice. */
  choices?: Readonly<Record<string, string>>;
  /** Of a field that is itself a form. */
  parts?: Fields;
}

export type FieldKind = 'release' | 'artist' | 'segment' | 'connection' | 'message';

/** By name in the config, in the order of the form; a test holds that none is missing. */
export type Fields = Readonly<Record<string, Field>>;
