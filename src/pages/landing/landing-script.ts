import { createHash } from 'node:crypto';

/**
 * What a browser that runs scripts does better; nothing depends on it. It counts the days, hours and
 * minutes down, loads the page anew at the release's moment, says in which zone the fan is (R46), and
 * tells a page that frames this one how tall it is.
 */
const script = `
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const input of document.querySelectorAll('input[name=zone]')) input.value = zone;
  const left = document.querySelector('[data-out]');
  const count = () => {
    const minutes = Math.ceil((left.dataset.out - Date.now()) / 60000);
    if (minutes <= 0) { if (minutes > -3) setTimeout(() => location.reload(), 2000 + Math.random() * 8000); return; }
    const [unit, n] = minutes > 2880 ? ['days', Math.round(minutes / 1440)] : minutes > 120 ? ['hours', Math.round(minutes / 60)] : ['minutes', minutes];
    const [one, many] = left.dataset[unit].split('|');
    left.textContent = (n === 1 ? one : many).replace('{n}', n);
    setTimeout(count, 20000);
  };
  if (left) count();
  if (parent !== window) {
    const tell = () => parent.postMessage({ segue: 'height', height: document.documentElement.getBoundingClientRect().height }, '*');
    new ResizeObserver(tell).observe(document.documentElement);
    tell();
  }
})();
`;

/** Whole, so that no formatter puts a space between the tag and what is hashed. */
export const landingScript = {
  element: `<script>${script}</script>`,
  hash: `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
};
