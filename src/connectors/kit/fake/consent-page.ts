import { escapeHtml } from './answers.ts';
import type { FakeUser } from './people.ts';

/** The page of a fake that asks a fan: two to choose from, Allow and Cancel. `query` is sent again. */
export function consentPage(input: {
  label: string;
  query: URLSearchParams;
  scopes: readonly string[];
  users: readonly FakeUser[];
}): string {
  const hidden = [...input.query]
    .filter(([name]) => name !== 'user' && name !== 'decision')
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  const choices = input.users
    .map(
      ({ id, displayName }, index) =>
        `<label><input type="radio" name="user" value="${escapeHtml(id)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(displayName)}</label>`,
    )
    .join('');
  const scopes = input.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('');
  const asks = scopes === '' ? '' : `<p>The app asks for:</p><ul>${scopes}</ul>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Sandbox sign-in</title><link rel="icon" href="data:,">
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;margin:0}main{max-width:26rem;margin:0 auto;padding:2.5rem 1.25rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}fieldset{border:1px solid GrayText;border-radius:6px;margin:1.5rem 0;padding:.25rem 1rem .5rem}label{display:block;padding:.6rem 0}input{margin:0 .6rem 0 0;width:1.15rem;height:1.15rem;vertical-align:-.2rem}
li{font:.9rem/1.7 ui-monospace,monospace}button{font:inherit;font-weight:600;display:block;width:100%;min-height:3rem;margin-top:.75rem;border:1px solid;border-radius:6px;background:Canvas;color:CanvasText;cursor:pointer}button[value=allow]{background:CanvasText;color:Canvas}</style></head>
<body><main><h1>Sandbox sign-in</h1><p>This page stands in for ${escapeHtml(input.label)}. Nothing leaves this machine.</p>
<form method="get">${hidden}<fieldset><legend>Sign in as</legend>${choices}</fieldset>
${asks}
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button></form></main></body></html>`;
}
