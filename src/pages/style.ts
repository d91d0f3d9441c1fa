import { createHash } from 'node:crypto';

/**
 * Paper and ink: a warm ground, thin rules, one line that joins what will happen, and vermilion for
 * the one thing to do next. No web font and no script: a page is one answer of a few kilobytes.
 */
const style = `
:root{color-scheme:light dark;--paper:#faf6ee;--raised:#fffdf8;--ink:#1b1917;--soft:#5f5850;--rule:#ddd4c5;--accent:#c8371b;--on-accent:#fffdf8;--done:#2c6e49;--wait:#2b5c8a}
@media (prefers-color-scheme:dark){:root{--paper:#161412;--raised:#1f1c19;--ink:#efe9df;--soft:#a89f93;--rule:#38332d;--accent:#ff6b4a;--on-accent:#1b1008;--done:#7fc79a;--wait:#8bb8e6}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 "Instrument Sans",Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%;overflow-wrap:break-word}
main{max-width:32rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}
h1,h2,.name{font-family:Fraunces,"Instrument Serif","Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;font-weight:500;line-height:1.12;margin:0;text-wrap:balance}
h1{font-size:clamp(2rem,9vw,2.75rem);letter-spacing:-.015em}
h2{font-size:1.3rem;margin:2.25rem 0 .75rem}
p{margin:.6rem 0}
h1+p:not(.when){margin-top:1rem}
main>p>.button{margin-top:1.5rem}
main>ul{padding-left:1.25rem}
main>ul>li{margin:.6rem 0}
.name{font-size:1.1rem;color:var(--soft);margin-bottom:.5rem}
.when,.small{color:var(--soft)}
.small{font-size:.875rem}
a{color:inherit;text-underline-offset:.2em}
.notice{margin:1.5rem 0 0;padding:.75rem 1rem;border:1px solid var(--rule);border-left:3px solid var(--ink);background:var(--raised);border-radius:4px}
.notice p{margin:.25rem 0}
.notice .button{margin:.85rem 0 .75rem}
.line{list-style:none;margin:1.5rem 0;padding:0}
h2+.line,h2+form .line{margin-top:1rem}
.line>li{position:relative;padding:0 0 1.25rem 2.25rem}
.line>li:before{content:"";position:absolute;left:.62rem;top:1.5rem;bottom:-.1rem;width:1px;background:var(--rule)}
.line>li:last-child{padding-bottom:0}
.line>li:last-child:before{display:none}
.sign{position:absolute;left:0;top:.12rem;width:1.3rem;height:1.3rem;border-radius:50%;display:grid;place-items:center;font-size:.75rem;line-height:1}
.sign.done{background:var(--done);color:var(--paper)}
.sign.wait{border:1.5px dashed var(--wait);color:var(--wait)}
.sign.past{border:1px solid var(--soft);color:var(--soft)}
.line input{position:absolute;left:0;top:.12rem;width:1.3rem;height:1.3rem;margin:0;accent-color:var(--ink)}
label{display:block;cursor:pointer}
label b,.line b{font-weight:600;display:block}
label span,.line span.why{display:block;color:var(--soft);font-size:.9rem}
.check{position:relative;padding-left:2.25rem}
.check input{position:absolute;left:0;top:.15rem;width:1.3rem;height:1.3rem;margin:0;accent-color:var(--ink)}
button,.button{font:inherit;font-weight:600;cursor:pointer;border-radius:6px;border:1px solid var(--ink);background:transparent;color:var(--ink);padding:.8rem 1.1rem;min-height:3rem;display:block;width:100%;text-align:center;text-decoration:none}
button.main,.button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button[disabled]{border-color:var(--rule);color:var(--soft);cursor:not-allowed}
button.quiet{display:inline-block;width:auto;min-width:5.5rem;min-height:2.75rem;padding:.35rem .9rem;font-weight:500;font-size:.9rem;border-color:var(--rule);margin-top:.5rem}
button:focus-visible,a:focus-visible,input:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.stack>*+*{margin-top:.75rem}
.stack .small{margin:.6rem 0 0}
input[type=text]{font:inherit;width:100%;padding:.7rem .8rem;border:1px solid var(--rule);border-radius:6px;background:var(--raised);color:inherit}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
fieldset{border:0;margin:0;padding:0;min-width:0}
summary{cursor:pointer}
.code{font:600 1rem/1.4 ui-monospace,SFMono-Regular,Menlo,monospace;letter-spacing:.02em;overflow-wrap:anywhere}
section.apart{margin-top:1.75rem}
.plain{list-style:none;margin:.75rem 0;padding:0}
.plain>li{margin:.6rem 0}
.plain b{display:block}
.said{display:block;color:var(--soft);font-size:.9rem;white-space:pre-wrap;overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.875rem}
@media (prefers-reduced-motion:no-preference){button{transition:opacity .15s}button:active{opacity:.8}}
`;

/** Whole, so that no formatter puts a space between the tag and what is hashed. */
export const styleElement = `<style>${style}</style>`;

/** For the content-security policy: this style and no other. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
