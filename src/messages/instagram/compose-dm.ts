/** What the system adds to a message on Instagram. */
interface Words {
  /** R116: before the first automatic message of a conversation, after a week, and after a person wrote. */
  automated(programme: string): string;
}

const words: Readonly<Record<string, Words>> = {
  en: {
    automated: (programme) =>
      `Automated message from ${programme}. Write HUMAN for a person, STOP to get no more.`,
  },
  de: {
    automated: (programme) =>
      `Automatische Nachricht von ${programme}. HUMAN ruft einen Menschen, STOP beendet die Nachrichten.`,
  },
  es: {
    automated: (programme) =>
      `Mensaje automático de ${programme}. Escribe HUMAN para hablar con una persona, STOP para no recibir más.`,
  },
};

/** The artist's words as they are sent; the disclosure, where it is due, stands below them. */
export function composeDm(input: {
  body: string;
  programme: string;
  language: string;
  isDisclosureDue: boolean;
}): string {
  const { body, programme, language, isDisclosureDue } = input;
  if (!isDisclosureDue) return body;
  return `${body}\n\n${disclosure(programme, language)}`;
}

export function disclosure(programme: string, language: string): string {
  const known = words[language.slice(0, 2)] ?? words['en'];
  if (known === undefined) throw new Error('English words are missing');
  return known.automated(programme);
}
