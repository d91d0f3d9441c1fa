import type { TextLanguage } from '../text-catalogue.ts';

/** The system's own words in mails and on the page behind their link. English is complete by definition. */
export interface EmailWords {
  /** Why this mail came. */
  because(programme: string): string;
  unsubscribe: string;
  privacy: string;
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
  unsubscribe: 'Unsubscribe',
  privacy: 'Privacy',
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
  unsubscribe: 'Abmelden',
  privacy: 'Datenschutz',
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
  unsubscribe: 'Darse de baja',
  privacy: 'Privacidad',
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
