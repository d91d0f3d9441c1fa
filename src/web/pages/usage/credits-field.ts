/** A field for a number of credits. */
export const digits = {
  min: 0,
  max: 1_000_000_000,
  allowDecimal: false,
  allowNegative: false,
  thousandSeparator: true,
  hideControls: true,
};

/** Nothing typed: none. */
export const credits = (value: number | string) => (value === '' ? null : Number(value));
