import type { TextLanguage } from '../text-catalogue.ts';

/** The system's own words in mails and on the page behind their link. English is complete by definition. */
export interface EmailWords {
  /** Why this mail came. */
  because(programme: string): string;
  /** The same of a mail that was asked for a moment ago. */
  asked(programme: string): string;
  unsubscribe: string;
  /** Leads to the fan's own page. */
  yourData: string;
  privacy: string;
  /** The one mail that asks whether a sign-up was meant; nothing typed by a visitor stands in it (R128). */
  request: {
    subject(programme: string): string;
    body(programme: string, url: string): string;
    because(programme: string): string;
    confirm: string;
    question(address: string, programme: string): string;
    done: string;
    doneText(programme: string): string;
    over: string;
    overText: string;
  };
  /** Proves an address on the fan's own page. */
  code: { subject(programme: string): string; body(code: string, minutes: number): string };
  page: {
    title: string;
    question(address: string, programme: string): string;
    confirm: string;
    doneTitle: string;
    done(programme: string): string;
    /** To somebody who came back by mistake. */
    again: string;
    againTitle: string;
    againDone(programme: string): string;
  };
}

const en: EmailWords = {
  because: (programme) => `You get this mail because you agreed to mails from ${programme}.`,
  asked: (programme) => `You get this mail because it was asked for on your page at ${programme}.`,
  unsubscribe: 'Unsubscribe',
  yourData: 'Your data',
  privacy: 'Privacy',
  request: {
    subject: (programme) => `Please confirm: mails from ${programme}`,
    body: (programme, url) =>
      `This address was entered to get mails from ${programme}. If that was you, confirm it with one tap.\n\n[Yes, send me mails](${url})\n\nIf it was not you, do nothing: no more mails come, and the address is forgotten in seven days.`,
    because: (programme) => `You get this one mail because somebody entered this address at ${programme}.`,
    confirm: 'Yes, send me mails',
    question: (address, programme) => `Get mails from ${programme} at ${address}?`,
    done: 'You are in',
    doneText: (programme) => `${programme} may send you mails from now on. Each has a link that ends them.`,
    over: 'This link is over',
    overText: 'A sign-up has to be confirmed within seven days. Sign up once more, and a new link comes.',
  },
  code: {
    subject: (programme) => `Your code for ${programme}`,
    body: (code, minutes) =>
      `Your code is **${code}**. It works for ${minutes} minutes.\n\nYou did not ask for it? Then do nothing: without it nobody sees what is kept about you.`,
  },
  page: {
    title: 'Unsubscribe',
    question: (address, programme) => `Stop mails from ${programme} to ${address}?`,
    confirm: 'Unsubscribe',
    doneTitle: 'You are unsubscribed',
    done: (programme) => `${programme} sends you no more mails. This takes effect at once.`,
    again: 'That was a mistake: subscribe again',
    againTitle: 'You are subscribed again',
    againDone: (programme) => `${programme} may send you mails as before.`,
  },
};

const de: EmailWords = {
  because: (programme) => `Du bekommst diese Mail, weil du Mails von ${programme} zugestimmt hast.`,
  asked: (programme) =>
    `Du bekommst diese Mail, weil sie auf deiner Seite bei ${programme} angefordert wurde.`,
  unsubscribe: 'Abmelden',
  yourData: 'Deine Daten',
  privacy: 'Datenschutz',
  request: {
    subject: (programme) => `Bitte bestätigen: Mails von ${programme}`,
    body: (programme, url) =>
      `Diese Adresse wurde für Mails von ${programme} eingetragen. Wenn du das warst, bestätige es mit einem Tipp.\n\n[Ja, schickt mir Mails](${url})\n\nWenn nicht, tu nichts: Es kommen keine weiteren Mails, und die Adresse ist in sieben Tagen vergessen.`,
    because: (programme) =>
      `Du bekommst diese eine Mail, weil jemand diese Adresse bei ${programme} eingetragen hat.`,
    confirm: 'Ja, schickt mir Mails',
    question: (address, programme) => `Mails von ${programme} an ${address}?`,
    done: 'Du bist dabei',
    doneText: (programme) =>
      `${programme} darf dir ab jetzt Mails schicken. In jeder ist ein Link, der sie beendet.`,
    over: 'Dieser Link ist abgelaufen',
    overText: 'Eine Anmeldung muss binnen sieben Tagen bestätigt werden. Melde dich noch einmal an.',
  },
  code: {
    subject: (programme) => `Dein Code für ${programme}`,
    body: (code, minutes) =>
      `Dein Code ist **${code}**. Er gilt ${minutes} Minuten.\n\nDu hast ihn nicht angefordert? Dann tu nichts: Ohne ihn sieht niemand, was über dich gespeichert ist.`,
  },
  page: {
    title: 'Abmelden',
    question: (address, programme) => `Keine Mails mehr von ${programme} an ${address}?`,
    confirm: 'Abmelden',
    doneTitle: 'Du bist abgemeldet',
    done: (programme) => `${programme} schickt dir keine Mails mehr. Das gilt ab sofort.`,
    again: 'Das war ein Versehen: wieder anmelden',
    againTitle: 'Du bist wieder angemeldet',
    againDone: (programme) => `${programme} darf dir wieder Mails schicken.`,
  },
};

const es: EmailWords = {
  because: (programme) => `Recibes este correo porque aceptaste los correos de ${programme}.`,
  asked: (programme) => `Recibes este correo porque se pidió en tu página de ${programme}.`,
  unsubscribe: 'Darse de baja',
  yourData: 'Tus datos',
  privacy: 'Privacidad',
  request: {
    subject: (programme) => `Confirma, por favor: correos de ${programme}`,
    body: (programme, url) =>
      `Alguien escribió esta dirección para recibir correos de ${programme}. Si has sido tú, confírmalo con un toque.\n\n[Sí, quiero los correos](${url})\n\nSi no has sido tú, no hagas nada: no llegará ninguno más y la dirección se olvida en siete días.`,
    because: (programme) =>
      `Recibes este único correo porque alguien escribió esta dirección en la página de ${programme}.`,
    confirm: 'Sí, quiero los correos',
    question: (address, programme) => `¿Recibir correos de ${programme} en ${address}?`,
    done: 'Ya estás',
    doneText: (programme) =>
      `${programme} puede enviarte correos desde ahora. Cada uno lleva un enlace para darte de baja.`,
    over: 'Este enlace ya no vale',
    overText: 'Hay que confirmar en siete días. Apúntate otra vez y llegará un enlace nuevo.',
  },
  code: {
    subject: (programme) => `Tu código para ${programme}`,
    body: (code, minutes) =>
      `Tu código es **${code}**. Vale ${minutes} minutos.\n\n¿No lo has pedido? No hagas nada: sin él nadie ve lo que se guarda sobre ti.`,
  },
  page: {
    title: 'Darse de baja',
    question: (address, programme) => `¿No recibir más correos de ${programme} en ${address}?`,
    confirm: 'Darme de baja',
    doneTitle: 'Te has dado de baja',
    done: (programme) => `${programme} ya no te envía correos. Es efectivo desde ahora.`,
    again: 'Fue un error: volver a suscribirme',
    againTitle: 'Vuelves a recibir correos',
    againDone: (programme) => `${programme} puede enviarte correos como antes.`,
  },
};

const words: Readonly<Record<TextLanguage, EmailWords>> = { en, de, es };

/** `de-AT` is German; a language that is not here is English. */
export function emailWordsIn(language: string): EmailWords {
  const [main = ''] = language.toLowerCase().split('-');
  return Object.hasOwn(words, main) ? words[main as TextLanguage] : en; // a key of the object, as just seen
}
