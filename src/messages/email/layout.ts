/** What a mail looks like, made of MJML so that it holds in the mail programs that are out there. */

/** Pieces of HTML; each `fill…` takes escaped HTML or an escaped address. */
export interface EmailLayout {
  page(parts: { title: string; language: string; sender: string; rows: string; footer: string }): string;
  paragraph(html: string): string;
  heading(html: string): string;
  button(parts: { href: string; label: string }): string;
}

const cut = '<mj-raw><!--cut--></mj-raw>';
const font = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

const source = `
<mjml lang="LANGUAGE">
  <mj-head>
    <mj-title>TITLE</mj-title>
    <mj-raw><meta name="color-scheme" content="light dark" /><meta name="supported-color-schemes" content="light dark" /></mj-raw>
    <mj-attributes>
      <mj-all font-family="${font}" />
      <mj-text font-size="16px" line-height="1.55" color="#1d1b20" padding="0 24px 16px" />
      <mj-button font-size="16px" font-weight="600" background-color="#1d1b20" color="#ffffff" border-radius="8px" inner-padding="13px 22px" padding="4px 24px 20px" align="left" />
    </mj-attributes>
    <mj-style>
      a { color: #1d1b20; }
      @media (prefers-color-scheme: dark) {
        .page, .page > table, body { background: #141218 !important; }
        .page div, .page h1, .page a { color: #e6e0e9 !important; }
        .page .button a { background: #e6e0e9 !important; color: #141218 !important; }
        .page .button td { background: #e6e0e9 !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body width="560px" background-color="#ffffff" css-class="page">
    <mj-section padding="28px 0 8px">
      <mj-column>
        <mj-text font-size="14px" font-weight="600" color="#5f5b66">SENDER</mj-text>
        ${cut}
        <mj-text>PARAGRAPH</mj-text>
        ${cut}
        <mj-text font-size="24px" line-height="1.25" padding="0 24px 12px"><h1 style="margin:0;font-size:24px;line-height:1.25;">HEADING</h1></mj-text>
        ${cut}
        <mj-button href="HREF" css-class="button">LABEL</mj-button>
        ${cut}
        <mj-divider border-width="1px" border-color="#d9d5de" padding="12px 24px 16px" />
        <mj-text font-size="13px" line-height="1.5" color="#5f5b66">FOOTER</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>`;

let made: Promise<EmailLayout> | undefined;

/** Compiled once, when the first mail is written: the compiler is large, and what it makes is five strings. */
export function loadEmailLayout(): Promise<EmailLayout> {
  made ??= compile();
  return made;
}

async function compile(): Promise<EmailLayout> {
  const { default: mjml2html } = await import('mjml');
  const { html, errors } = await mjml2html(source, {
    validationLevel: 'strict',
    // Its own list would have mail programs fetch fonts (R114).
    fonts: {},
  });
  if (errors.length > 0) throw new Error(`the mail layout is not valid: ${errors[0]?.formattedMessage}`);
  const [head = '', paragraph = '', heading = '', button = '', foot = ''] = html
    .replaceAll(/\n\s*/g, '\n')
    .split('<!--cut-->');
  // In one pass: what people wrote may hold the names of other places.
  const fill = (text: string, values: Record<string, string>) =>
    text.replaceAll(new RegExp(Object.keys(values).join('|'), 'g'), (name) => values[name] ?? name);
  return {
    page: ({ title, language, sender, rows, footer }) =>
      fill(head, { LANGUAGE: language, TITLE: title, SENDER: sender }) +
      rows +
      fill(foot, { FOOTER: footer }),
    paragraph: (text) => fill(paragraph, { PARAGRAPH: text }),
    heading: (text) => fill(heading, { HEADING: text }),
    button: ({ href, label }) => fill(button, { HREF: href, LABEL: label }),
  };
}
