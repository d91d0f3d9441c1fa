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
  signUp: {
    texts: 'Neues per SMS',
    mails: 'Neues per Mail',
    number: 'Deine Nummer',
    country: 'Land',
    email: 'Deine E-Mail-Adresse',
    name: 'Dein Name, wenn du magst',
    leaveEmpty: 'Bitte leer lassen',
    sendTexts: 'Schickt mir SMS',
    sendMails: 'Schickt mir Mails',
    taken: 'Fast geschafft',
    takenSingle: (sender) =>
      `Eine SMS von ${sender} ist unterwegs. Antworte jederzeit mit STOP, und es kommen keine mehr.`,
    takenDouble: (sender) =>
      `Eine SMS von ${sender} ist unterwegs. Antworte mit JA, und du bist dabei. Ohne dein JA kommt nichts weiter.`,
    takenMail:
      'Eine Mail ist unterwegs. Tippe auf den Link darin, und du bist dabei. Sonst kommt nichts weiter.',
    nothingCame: (sender) =>
      `Nichts gekommen? Wenn du schon angemeldet bist, ist nichts zu tun. Du hast einmal STOP an ${sender} geschickt? Schick START dorthin, und die SMS kommen wieder.`,
    noMail: 'Nichts gekommen? Sieh im Spam-Ordner nach. Wenn du schon angemeldet bist, ist nichts zu tun.',
    refused: {
      no_consent: {
        title: 'Das Kästchen ist nicht angekreuzt',
        text: 'Ohne dein Ja darf dir nichts geschickt werden. Nichts wurde gespeichert.',
      },
      new_words: {
        title: 'Der Text hat sich geändert',
        text: 'Bitte lies ihn noch einmal, bevor du zustimmst.',
      },
      address: {
        title: 'Diese Nummer ist nicht erreichbar',
        text: 'Prüfe sie auf Tippfehler und wähle das Land, oder beginne mit + und der Landesvorwahl.',
      },
      country: {
        title: 'In dieses Land gehen noch keine SMS',
        text: 'Nichts wurde gespeichert. Per Mail geht es überall.',
      },
      limit: {
        title: 'Gerade zu viele Anmeldungen',
        text: 'Nichts wurde geschickt. Versuch es später noch einmal.',
      },
      not_offered: { title: 'Dafür kann man sich gerade nicht anmelden', text: 'Nichts wurde gespeichert.' },
      bot: {
        title: 'Bitte noch einmal absenden',
        text: 'Das Formular kam schneller zurück, als Menschen tippen, oder ein Programm hat es ausgefüllt. Nichts wurde gespeichert.',
      },
      late: { title: 'Die Seite war lange offen', text: 'Bitte noch einmal absenden.' },
      origin: {
        title: 'Dieses Formular steht auf einer anderen Seite',
        text: 'Von dort darf es nicht gesendet werden. Hier geht es.',
      },
    },
    wrongEmail: 'Diese E-Mail-Adresse kann nicht stimmen. Prüfe sie auf Tippfehler.',
    textInstead: (keyword, number) => `Schick stattdessen ${keyword} an ${number}: Das geht sofort.`,
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
