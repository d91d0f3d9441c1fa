/**
 * What the demo's flow texts back: one part in each state with the programme's name and what the
 * system adds. It says "done" only of what a step before it did (R54); everything else is an
 * invitation. A pre-save that only became a reminder is no pre-save (R63).
 */
const onTheList = "you're already on the list for {{ release.title }} ({{ release.date }}).";
const following = "{% if steps.follow-artist.status == 'done' %} and you follow me there{% endif %}";

const done = [
  "{% if steps.presave.reason == 'scheduled' and links.until %}",
  'done! {{ release.title }} is set for {{ release.date }}. Your Spotify link ends {{ links.until }}: renew or undo {{ links.undo }}',
  "{% else %}{% if steps.presave.reason == 'scheduled' %}",
  `done! {{ release.title }} is set to land in your Spotify on {{ release.date }}${following}.`,
  "{% elsif steps.presave.reason == 'already' %}",
  onTheList,
  "{% elsif steps.presave.reason == 'accepted' %}",
  '{{ release.title }} is on its way to your Spotify.',
  "{% elsif steps.presave.reason == 'reminder_set' or steps.presave.reason == 'reminded' or steps.presave.reason == 'handed_over' %}",
  '{{ release.title }} is out on {{ release.date }}.',
  '{% else %}',
  `done! {{ release.title }} is in your Spotify now${following}.`,
  '{% endif %}',
  ' Undo: {{ links.undo }}{% endif %}',
].join('');

const open = [
  "{% if steps.presave.reason == 'grant_dead' %}",
  'your Spotify link ran out, so {{ release.title }} is not set yet. One tap fixes it: {{ links.connect }}',
  '{% elsif run.again %}',
  `${onTheList} Not linked yet? {{ links.connect }}`,
  '{% else %}',
  'tap to pre-save {{ release.title }} {{ links.connect }}',
  '{% endif %}',
].join('');

export const demoBody = `{% if steps.presave.status == 'done' %}${done}{% else %}${open}{% endif %}`;
