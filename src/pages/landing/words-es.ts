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
