import type { LandingWords } from './words.ts';

export const de: LandingWords = {
  language: 'de',
  by: (artist) => `von ${artist}`,
  outOn: (day) => `Erscheint am ${day}`,
  outSince: (day) => `Erschienen am ${day}`,
  cancelled: 'Abgesagt',
  left: {
    days: { one: 'in {n} Tag', many: 'in {n} Tagen' },
    hours: { one: 'in {n} Stunde', many: 'in {n} Stunden' },
    minutes: { one: 'in {n} Minute', many: 'in {n} Minuten' },
  },
  coverOf: (title) => `Cover von ${title}`,
  streaming: {
    before: 'Vormerken',
    after: 'Anhören',
    none: 'Folgen',
    choose: 'Wo hörst du Musik?',
    presave: (service) => `Vormerken auf ${service}`,
    add: (service) => `Auf ${service} in deine Sammlung`,
    follow: (service) => `Folgen auf ${service}`,
    listen: (service) => `Anhören auf ${service}`,
    wishPresave: (title) => `${title} vormerken`,
    wishPresaveWhy: (day) => `Kommt am ${day} in deine Sammlung, einmal. Jederzeit rückgängig zu machen.`,
    wishAdd: (title) => `${title} in deine Sammlung aufnehmen`,
    wishAddWhy: 'Einmal, sofort. Jederzeit rückgängig zu machen.',
    wishFollow: (artist) => `${artist} folgen`,
    wishFollowWhy: 'Auf dem Dienst, den du wählst, sofort. Jederzeit rückgängig zu machen.',
    wishFuture: (artist) => `Auch speichern, was ${artist} als Nächstes veröffentlicht`,
    wishFutureWhy: (until) =>
      `Jede neue Veröffentlichung kommt in deine Sammlung, ${until === null ? 'bis du es beendest' : `längstens bis ${until}`}. Jederzeit zu beenden.`,
    linkLasts: (day) =>
      day === null
        ? 'Die Verbindung gilt, bis du sie beendest.'
        : `Die Verbindung gilt bis ${day}, oder bis du sie beendest.`,
    invitedOnly: (service) => `Bei ${service} können sich vorerst nur Eingeladene anmelden.`,
    openOn: (service) => `Seite auf ${service} öffnen`,
    invited: 'Ich bin eingeladen',
    invitedAccount: (service) => `Dein ${service}-Konto oder seine E-Mail-Adresse`,
    go: 'Weiter',
    leastScopes: 'Du meldest dich beim Dienst selbst an. Dort geschieht nur, was angekreuzt ist.',
  },
  remind: {
    button: 'Ich höre woanders, erinnere mich einfach',
    title: 'Eine Erinnerung',
    intro: 'Kein Streaming-Konto nötig. Wähle, wie du davon hören willst.',
    calendar: 'Termin in den Kalender',
    calendarWhy: 'Eine Datei für jeden Kalender. Von dir wird nichts gespeichert.',
    back: 'Zurück zur Seite',
  },
  inApp: {
    title: (app) => `Du bist in ${app}`,
    text: 'Hier bist du vielleicht nicht bei deinem Musikdienst angemeldet. Dein eigener Browser ist besser.',
    open: 'Im Browser öffnen',
    menu: (app) => `Öffne das Menü von ${app} und wähle „Im Browser öffnen“.`,
    type: 'Oder tippe das in einen beliebigen Browser:',
  },
  smallPrint: {
    terms: 'SMS-Bedingungen',
    privacy: 'Datenschutz',
    whose: (name) => `Eine Seite von ${name}.`,
    imprint: 'Kontakt',
  },
  trouble: {
    gone: 'Diese Seite gibt es nicht',
    goneText: 'Prüfe die Adresse auf Tippfehler. Vielleicht wurde die Seite auch entfernt.',
    nothingTicked: 'Nichts ist angekreuzt',
    nothingTickedText: 'Kreuze an, was geschehen soll, dann wähle deinen Dienst.',
    notInvited: 'Dieses Konto ist nicht eingeladen',
    notInvitedText: (service) =>
      `Bei ${service} können sich vorerst nur eingeladene Konten anmelden. Nichts wurde gesendet.`,
  },
};
