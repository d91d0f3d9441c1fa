/** Saves what is behind an address of this page (`data:` or `blob:`) as a file. */
export function download(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
