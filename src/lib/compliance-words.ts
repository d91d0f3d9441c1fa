/**
 * The words that are commands whoever they are sent to, in every language of the country packs
 * (R17, R41). Browser-safe data: the message door acts on them, the keyword form refuses them.
 *
 * Sources: 47 CFR 64.1200(a)(10) in force since 2025-04-11 (stop, quit, end, revoke, opt out,
 * cancel, unsubscribe); the default lists of the large carriers' gateways (STOPALL, STOP ALL,
 * OPTOUT, OPT-OUT, REMOVE, ARRET, TD; START, UNSTOP; HELP, INFO). Words of the other languages
 * are our own reading. Looked at 2026-11.
 */

export type ComplianceKind = 'stop' | 'start' | 'help' | 'yes';
export type WordLanguage = 'en' | 'es' | 'fr' | 'de' | 'pt' | 'it' | 'nl' | 'ja';

type Table = Readonly<Record<WordLanguage, readonly string[]>>;

export const complianceWords: Readonly<Record<ComplianceKind, Table>> = {
  stop: {
    en: [
      'stop',
      'stopall',
      'stop all',
      'unsubscribe',
      'unsubscribe me',
      'cancel',
      'end',
      'quit',
      'revoke',
      'opt out',
      'opt me out',
      'remove',
      'remove me',
    ],
    es: [
      'parar',
      'pare',
      'alto',
      'baja',
      'dar de baja',
      'darme de baja',
      'cancelar',
      'detener',
      'desuscribir',
    ],
    fr: [
      'arret',
      'arreter',
      'arretez',
      'td',
      'desabonner',
      'desabonnement',
      'desinscrire',
      'desinscription',
      'annuler',
    ],
    de: [
      'stopp',
      'abmelden',
      'abmeldung',
      'abbestellen',
      'austragen',
      'beenden',
      'ende',
      'widerruf',
      'widerrufen',
    ],
    pt: ['parar', 'pare', 'sair', 'cancelar', 'descadastrar', 'remover'],
    it: ['ferma', 'fermare', 'cancella', 'cancellami', 'annulla', 'disiscrivi', 'disiscrivimi', 'rimuovi'],
    nl: ['stoppen', 'afmelden', 'uitschrijven', 'opzeggen', 'annuleren', 'einde'],
    ja: ['ストップ', '停止', '配信停止', '解除', '配信解除', '登録解除', '退会', 'やめて', '中止'],
  },
  // Restoring consent is reserved to the two words every gateway knows (R42).
  start: { en: ['start', 'unstop'], es: [], fr: [], de: [], pt: [], it: [], nl: [], ja: [] },
  help: {
    en: ['help', 'info'],
    es: ['ayuda', 'informacion'],
    fr: ['aide'],
    de: ['hilfe'],
    pt: ['ajuda', 'informacao'],
    it: ['aiuto', 'informazioni'],
    nl: ['hulp'],
    ja: ['ヘルプ', '情報'],
  },
  yes: {
    en: ['yes', 'y'],
    es: ['si'],
    fr: ['oui'],
    de: ['ja'],
    pt: ['sim'],
    it: ['si'],
    nl: ['ja'],
    ja: ['はい'],
  },
};

const kindsByPrecedence: readonly ComplianceKind[] = ['stop', 'start', 'help', 'yes'];

/** Joined word (no spaces, no accents) → what it commands; an opt-out wins over every other reading. */
export const complianceKinds: ReadonlyMap<string, ComplianceKind> = new Map(
  kindsByPrecedence.toReversed().flatMap((kind) =>
    Object.values(complianceWords[kind])
      .flat()
      .map((word) => [word.replaceAll(' ', ''), kind] as const),
  ),
);
