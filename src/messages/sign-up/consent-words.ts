import type { ProjectFacts } from '#accounts/project-facts.ts';
import { webConsentText } from '../call-to-action.ts';
import type { CountryPack } from '../countries/country-pack.ts';
import { ageLine, packFor } from '../countries/index.ts';
import { textVersion } from '../text-version.ts';

/** What a box beside a form says, and the version that a consent points to (R37, R38). */
export interface OfferedText {
  text: string;
  version: string;
}

interface Words {
  sms(project: Pick<ProjectFacts, 'programme' | 'legalSender' | 'monthlyCap'>): string;
  email(project: Pick<ProjectFacts, 'programme' | 'legalSender'>): string;
  terms: string;
  privacy: string;
}

const es: Words = {
  sms: ({ programme, legalSender, monthlyCap }) =>
    `Sí, quiero recibir SMS promocionales automáticos y recurrentes de ${programme} (los envía ${legalSender}) en el número que he escrito, como mucho ${monthlyCap} al mes. El consentimiento no es condición para comprar nada. Pueden aplicarse tarifas de mensajes y datos. Responde HELP para ayuda, STOP para terminar.`,
  email: ({ programme, legalSender }) =>
    `Sí, quiero recibir correos de ${programme} (los envía ${legalSender}) sobre música, lanzamientos y conciertos en la dirección que he escrito. Puedo darme de baja cuando quiera con el enlace de cada correo.`,
  terms: 'Condiciones',
  privacy: 'Privacidad',
};

const de: Words = {
  sms: ({ programme, legalSender, monthlyCap }) =>
    `Ja, schickt mir regelmäßig automatische Werbe-SMS von ${programme} (Absender: ${legalSender}) an die eingegebene Nummer, höchstens ${monthlyCap} im Monat. Die Einwilligung ist keine Bedingung für einen Kauf. Es können Kosten laut SMS-Tarif anfallen. Hilfe mit HELP, Ende jederzeit mit STOP.`,
  email: ({ programme, legalSender }) =>
    `Ja, schickt mir Mails von ${programme} (Absender: ${legalSender}) über Musik, Veröffentlichungen und Konzerte an die eingegebene Adresse. Abmelden kann ich mich jederzeit mit dem Link in jeder Mail.`,
  terms: 'Bedingungen',
  privacy: 'Datenschutz',
};

const en: Pick<Words, 'email' | 'privacy'> = {
  email: ({ programme, legalSender }) =>
    `Yes, send me mails from ${programme} (sent by ${legalSender}) about music, releases and shows at the address I entered. I can unsubscribe any time with the link in every mail.`,
  privacy: 'Privacy',
};

const others: Readonly<Record<string, Words>> = { de, es };

/** The consent to texts at a typed number, in the language of the page. Same input, same text. */
export function smsConsentText(
  project: ProjectFacts,
  publicUrl: string,
  language: string,
  pack: CountryPack,
): OfferedText {
  const words = others[language];
  const termsUrl = `${publicUrl}/t/${project.slug}`;
  const privacyUrl = `${publicUrl}/privacy/${project.slug}`;
  const { programme, legalSender, monthlyCap: perMonth } = project;
  const text =
    words === undefined
      ? webConsentText(
          { programme, legalSender, perMonth, termsUrl, privacyUrl, ageLine: ageLine(pack) },
          'typed',
        )
      : `${words.sms(project)} ${ageLine(pack, language)} ${words.terms}: ${termsUrl} ${words.privacy}: ${privacyUrl}`;
  return { text, version: textVersion(text) };
}

/** The consent to mails at a typed address, whose country nobody knows: the strictest age (R99). */
export function emailConsentText(project: ProjectFacts, publicUrl: string, language: string): OfferedText {
  const words = others[language] ?? en;
  const text = `${words.email(project)} ${ageLine(packFor(null), language)} ${words.privacy}: ${publicUrl}/privacy/${project.slug}`;
  return { text, version: textVersion(text) };
}
