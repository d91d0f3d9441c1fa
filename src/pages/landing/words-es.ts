import type { LandingWords } from './words.ts';

export const es: LandingWords = {
  language: 'es',
  by: (artist) => `de ${artist}`,
  outOn: (day) => `Sale el ${day}`,
  outSince: (day) => `Disponible desde el ${day}`,
  cancelled: 'Cancelado',
  left: {
    days: { one: 'en {n} día', many: 'en {n} días' },
    hours: { one: 'en {n} hora', many: 'en {n} horas' },
    minutes: { one: 'en {n} minuto', many: 'en {n} minutos' },
  },
  coverOf: (title) => `Portada de ${title}`,
  streaming: {
    before: 'Guárdalo antes de que salga',
    after: 'Escuchar',
    none: 'Seguir',
    choose: '¿Dónde escuchas música?',
    presave: (service) => `Preguardar en ${service}`,
    add: (service) => `Añadir a tu biblioteca en ${service}`,
    follow: (service) => `Seguir en ${service}`,
    listen: (service) => `Escuchar en ${service}`,
    wishPresave: (title) => `Preguardar ${title}`,
    wishPresaveWhy: (day) => `Se añade a tu biblioteca el ${day}, una vez. Puedes deshacerlo cuando quieras.`,
    wishAdd: (title) => `Añadir ${title} a tu biblioteca`,
    wishAddWhy: 'Una vez, ahora mismo. Puedes deshacerlo cuando quieras.',
    wishFollow: (artist) => `Seguir a ${artist}`,
    wishFollowWhy: 'En el servicio que elijas, ahora mismo. Puedes deshacerlo cuando quieras.',
    wishFuture: (artist) => `Guardar también lo próximo que publique ${artist}`,
    wishFutureWhy: (until) =>
      `Cada lanzamiento nuevo se añade a tu biblioteca, ${until === null ? 'hasta que lo pares' : `como mucho hasta el ${until}`}. Puedes pararlo cuando quieras.`,
    linkLasts: (day) =>
      day === null
        ? 'El enlace dura hasta que lo termines.'
        : `El enlace dura hasta el ${day}, o hasta que lo termines.`,
    invitedOnly: (service) => `Por ahora solo pueden entrar en ${service} las personas invitadas.`,
    openOn: (service) => `Abrir la página en ${service}`,
    invited: 'Tengo invitación',
    invitedAccount: (service) => `Tu cuenta de ${service} o su correo`,
    go: 'Continuar',
    leastScopes: 'Entras en el propio servicio. Allí solo se hace lo que está marcado.',
  },
  signUp: {
    texts: 'Novedades por SMS',
    mails: 'Novedades por correo',
    number: 'Tu número',
    country: 'País',
    email: 'Tu correo electrónico',
    name: 'Tu nombre, si quieres',
    leaveEmpty: 'Deja esto vacío',
    sendTexts: 'Quiero los SMS',
    sendMails: 'Quiero los correos',
    taken: 'Ya casi está',
    takenSingle: (sender) =>
      `Hay un SMS de ${sender} en camino. Responde STOP cuando quieras y no llegarán más.`,
    takenDouble: (sender) =>
      `Hay un SMS de ${sender} en camino. Responde SI y ya estás. Sin tu SI no llegará nada más.`,
    takenMail: 'Hay un correo en camino. Toca el enlace y ya estás. Si no, no llegará nada más.',
    nothingCame: (sender) =>
      `¿No llega nada? Si ya te habías apuntado, no hay nada que hacer. ¿Mandaste STOP a ${sender}? Manda START y los SMS vuelven.`,
    noMail: '¿No llega nada? Mira en el correo no deseado. Si ya te habías apuntado, no hay nada que hacer.',
    refused: {
      no_consent: {
        title: 'La casilla no está marcada',
        text: 'Sin tu sí no se te puede enviar nada. No se ha guardado nada.',
      },
      new_words: { title: 'El texto ha cambiado', text: 'Léelo otra vez antes de aceptar.' },
      address: {
        title: 'No se puede llegar a este número',
        text: 'Revisa si hay un error y elige el país, o empieza con + y el prefijo del país.',
      },
      country: {
        title: 'Todavía no hay SMS a este país',
        text: 'No se ha guardado nada. Por correo funciona en todas partes.',
      },
      limit: {
        title: 'Demasiadas altas en este momento',
        text: 'No se ha enviado nada. Inténtalo más tarde.',
      },
      not_offered: { title: 'Ahora no es posible apuntarse', text: 'No se ha guardado nada.' },
      bot: {
        title: 'Envíalo otra vez, por favor',
        text: 'El formulario volvió más rápido de lo que se escribe, o lo rellenó un programa. No se ha guardado nada.',
      },
      late: { title: 'La página llevaba mucho tiempo abierta', text: 'Envíalo otra vez, por favor.' },
      origin: {
        title: 'Este formulario está en otro sitio',
        text: 'Desde allí no se puede enviar. Aquí funciona.',
      },
    },
    wrongEmail: 'Este correo no puede ser correcto. Revisa si hay un error.',
    textInstead: (keyword, number) => `Manda ${keyword} al ${number}: funciona al momento.`,
  },
  remind: {
    button: 'Uso otra cosa, solo recuérdamelo',
    title: 'Un recordatorio',
    intro: 'No hace falta cuenta de streaming. Elige cómo quieres enterarte.',
    calendar: 'Poner la fecha en tu calendario',
    calendarWhy: 'Un archivo para cualquier calendario. No se guarda nada sobre ti.',
    back: 'Volver a la página',
  },
  inApp: {
    title: (app) => `Estás dentro de ${app}`,
    text: 'Puede que aquí no hayas entrado en tu música. Tu propio navegador funciona mejor.',
    open: 'Abrir en tu navegador',
    menu: (app) => `Abre el menú de ${app} y elige «Abrir en el navegador».`,
    type: 'O escribe esto en cualquier navegador:',
  },
  smallPrint: {
    terms: 'Condiciones de mensajes',
    privacy: 'Privacidad',
    whose: (name) => `Una página de ${name}.`,
    imprint: 'Contacto',
  },
  trouble: {
    gone: 'Esa página no existe',
    goneText: 'Revisa la dirección por si hay un error. Puede que la página se haya retirado.',
    nothingTicked: 'No hay nada marcado',
    nothingTickedText: 'Marca lo que quieres que pase y elige tu servicio.',
    notInvited: 'Esta cuenta no está invitada',
    notInvitedText: (service) =>
      `Por ahora solo pueden entrar en ${service} las cuentas invitadas. No se ha enviado nada.`,
  },
};
