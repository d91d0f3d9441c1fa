/** Loaded with its pages, not with the first screen. */
export const privacy = {
  more: 'Data of this fan',
  export: 'Download everything',
  exported: 'Everything that is kept of this fan is in the file. The log says that you took it.',
  erase: 'Erase this fan',
  eraseTitle: (fan: string) => `Erase ${fan}?`,
  eraseText:
    'Number, addresses, name, agreements, links and every message go for good; what waits for this fan ends. Counts stay, and a sealed note that nobody may bring the address back but the fan. This cannot be taken back.',
  eraseWord: (word: string) => `Type ${word} to mean it`,
  eraseNow: 'Erase for good',
  erased: 'The fan was erased.',
};
