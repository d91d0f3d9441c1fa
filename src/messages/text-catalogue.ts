/** What the system itself says in texts. English is complete by definition; other languages fall back to it as a whole. */

export type TextLanguage = 'en' | 'es' | 'de';

/**
 * Every entry without the programme name, which comes first in every text. GSM-7 characters only, so
 * Spanish goes without its acute vowels. Where there are several wordings the fullest comes first,
 * and the first that keeps the text in one part is sent.
 */
export interface TextCatalogue {
  /** Rides in the first text after an opt-in (R39). */
  joined(perMonth: number): string;
  /** Rides in one text of 30 days (R124). */
  optOut: string;
  /** Begins an answer that quiet hours held over night (S8). */
  lastNight: string;
  stopped: readonly string[];
  /** The same where the sender serves several artists (R117). */
  stoppedForAll: readonly string[];
  /** `page` leads to the fan's own page (R120); null: none. */
  help(contact: string, perMonth: number | null, page: string | null): readonly string[];
  /** Proves an address on the fan's own page. */
  code(code: string, minutes: number): readonly string[];
  started(perMonth: number): readonly string[];
  /** A double opt-in request; says nothing that the visitor typed (R97, R128). */
  confirm(perMonth: number): readonly string[];
  /** On release day, to whom it was promised (R102); `link` leads to the fan's page. */
  released(title: string, link: string): readonly string[];
  /** Before a link to a streaming service ends, to whom something depends on it (R103). */
  renew(service: string, until: string, link: string): readonly string[];
  /** R107; `keywords` is one to all of the active ones. */
  notUnderstood(keywords: string): readonly string[];
}

const en: TextCatalogue = {
  joined: (perMonth) =>
    `You joined: max ${perMonth} msgs/mo. Msg&data rates may apply. HELP for help, STOP to end`,
  optOut: 'STOP to end',
  lastNight: 'You texted last night.',
  stopped: [
    "you're unsubscribed and will get no more texts from us. Text START to come back.",
    "you're unsubscribed, no more texts.",
  ],
  stoppedForAll: [
    "you're unsubscribed and will get no more texts from anyone on this number. Text START to come back.",
    "you're unsubscribed, no more texts from this number.",
  ],
  help: (contact, perMonth, page) => [
    ...(page === null
      ? []
      : [
          `for help go to ${contact}. Your data: ${page} Msg&data rates may apply. STOP to end`,
          `help: ${contact}. Your data: ${page} STOP to end`,
        ]),
    `for help go to ${contact}. ${perMonth === null ? '' : `Max ${perMonth} msgs/mo. `}Msg&data rates may apply. STOP to end`,
    `help: ${contact}. STOP to end`,
  ],
  code: (code, minutes) => [
    `${code} is the code for your page. It works for ${minutes} minutes. Not you? Then do nothing.`,
  ],
  started: (perMonth) => [
    `you're back! Max ${perMonth} msgs/mo. Msg&data rates may apply. HELP for help, STOP to end`,
    `you're back! HELP for help, STOP to end`,
  ],
  confirm: (perMonth) => [
    `reply YES to get our recurring automated texts. Max ${perMonth} msgs/mo. Msg&data rates may apply. HELP for help, STOP to end`,
    `reply YES to get our texts. Max ${perMonth} msgs/mo. Msg&data rates may apply. STOP to end`,
  ],
  released: (title, link) => [
    `${title} is out! One tap adds it to your library: ${link}`,
    `${title} is out: ${link}`,
  ],
  renew: (service, until, link) => [
    `your ${service} link ends on ${until}. One tap keeps your saves going: ${link}`,
    `your ${service} link ends on ${until}: ${link}`,
  ],
  notUnderstood: (keywords) => [
    `sorry, I can only read keywords here. Try ${keywords}. HELP for help, STOP to end`,
    `try ${keywords}. STOP to end`,
  ],
};

const de: TextCatalogue = {
  joined: (perMonth) =>
    `Du bist dabei: max. ${perMonth} SMS/Monat. Es gilt dein SMS-Tarif. Hilfe: HELP, Ende: STOP`,
  optOut: 'Ende: STOP',
  lastNight: 'Du hast heute Nacht geschrieben.',
  stopped: [
    'du bist abgemeldet und bekommst keine SMS mehr von uns. Mit START kommst du zurück.',
    'du bist abgemeldet.',
  ],
  stoppedForAll: [
    'du bist abgemeldet und bekommst von dieser Nummer keine SMS mehr. Mit START kommst du zurück.',
    'du bist abgemeldet, für alle auf dieser Nummer.',
  ],
  help: (contact, perMonth, page) => [
    ...(page === null
      ? []
      : [
          `Hilfe: ${contact}. Deine Daten: ${page} Es gilt dein SMS-Tarif. Ende: STOP`,
          `Hilfe: ${contact}. Deine Daten: ${page} Ende: STOP`,
        ]),
    `Hilfe: ${contact}. ${perMonth === null ? '' : `Max. ${perMonth} SMS/Monat. `}Es gilt dein SMS-Tarif. Ende: STOP`,
    `Hilfe: ${contact}. Ende: STOP`,
  ],
  code: (code, minutes) => [
    `${code} ist der Code für deine Seite. Er gilt ${minutes} Minuten. Nicht von dir? Dann tu nichts.`,
  ],
  started: (perMonth) => [
    `du bist wieder dabei! Max. ${perMonth} SMS/Monat. Es gilt dein SMS-Tarif. Hilfe: HELP, Ende: STOP`,
    'du bist wieder dabei! Hilfe: HELP, Ende: STOP',
  ],
  confirm: (perMonth) => [
    `antworte JA für unsere automatischen Werbe-SMS. Max. ${perMonth}/Monat. Es gilt dein SMS-Tarif. Hilfe: HELP, Ende: STOP`,
    `antworte JA für unsere Werbe-SMS. Max. ${perMonth}/Monat. Ende: STOP`,
  ],
  released: (title, link) => [
    `${title} ist da! Mit einem Tipp in deine Sammlung: ${link}`,
    `${title} ist da: ${link}`,
  ],
  renew: (service, until, link) => [
    `dein Link zu ${service} endet am ${until}. Mit einem Tipp geht es weiter: ${link}`,
    `dein Link zu ${service} endet am ${until}: ${link}`,
  ],
  notUnderstood: (keywords) => [
    `hier lese ich nur Stichworte. Versuch ${keywords}. Hilfe: HELP, Ende: STOP`,
    `versuch ${keywords}. Ende: STOP`,
  ],
};

const es: TextCatalogue = {
  joined: (perMonth) =>
    `Te has unido: max. ${perMonth} SMS/mes. Aplican las tarifas de tu operador. HELP: ayuda, STOP: salir`,
  optOut: 'STOP: salir',
  lastNight: 'Nos escribiste anoche.',
  stopped: [
    'te has dado de baja y no te mandamos nada más. Manda START para volver.',
    'te has dado de baja.',
  ].map(plain),
  stoppedForAll: [
    'te has dado de baja y este número no te manda nada más. Manda START para volver.',
    'te has dado de baja de todo en este número.',
  ].map(plain),
  help: (contact, perMonth, page) => [
    ...(page === null
      ? []
      : [
          `ayuda en ${contact}. Tus datos: ${page} Aplican las tarifas de tu operador. STOP: salir`,
          `ayuda en ${contact}. Tus datos: ${page} STOP: salir`,
        ]),
    `ayuda en ${contact}. ${perMonth === null ? '' : `Max. ${perMonth} SMS/mes. `}Aplican las tarifas de tu operador. STOP: salir`,
    `ayuda en ${contact}. STOP: salir`,
  ],
  code: (code, minutes) =>
    [`${code} abre tu página. Vale ${minutes} minutos. No fuiste tú? No hagas nada.`].map(plain),
  started: (perMonth) => [
    `has vuelto! Max. ${perMonth} SMS/mes. Aplican las tarifas de tu operador. HELP: ayuda, STOP: salir`,
    'has vuelto! HELP: ayuda, STOP: salir',
  ],
  confirm: (perMonth) => [
    `responde SI para recibir SMS promocionales recurrentes. Max. ${perMonth}/mes. Aplican tarifas. HELP: ayuda, STOP: salir`,
    `responde SI para recibir nuestros SMS. Max. ${perMonth}/mes. STOP: salir`,
  ],
  released: (title, link) => [
    `ya ha salido ${title}! Un toque y queda en tu biblioteca: ${link}`,
    `ya ha salido ${title}: ${link}`,
  ],
  renew: (service, until, link) => [
    `tu enlace con ${service} acaba el ${until}. Un toque y sigue: ${link}`,
    `tu enlace con ${service} acaba el ${until}: ${link}`,
  ],
  notUnderstood: (keywords) => [
    `lo siento, solo leo palabras clave. Prueba ${keywords}. HELP: ayuda, STOP: salir`,
    `prueba ${keywords}. STOP: salir`,
  ],
};

const catalogues: Readonly<Record<TextLanguage, TextCatalogue>> = { en, es, de };

/** The catalogue of a language (`de`, `de-AT`); English for a language that has none. */
export function textsIn(language: string): TextCatalogue {
  const base = language.toLowerCase().split(/[-_]/)[0] ?? '';
  return isTextLanguage(base) ? catalogues[base] : en;
}

function isTextLanguage(code: string): code is TextLanguage {
  return Object.hasOwn(catalogues, code);
}

/** GSM-7 knows ñ, à and é, but no á, í, ó, ú. */
function plain(text: string): string {
  const bare: Readonly<Record<string, string>> = { á: 'a', í: 'i', ó: 'o', ú: 'u' };
  return text.replace(/[áíóú]/g, (letter) => bare[letter] ?? letter);
}
