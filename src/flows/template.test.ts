import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KnownPath, templateProblems } from './template-problems.ts';
import { cleanPersonName, renderTemplate, TemplateError, type TemplateScope } from './template.ts';

const scope: TemplateScope = {
  fan: { name: 'Ada' },
  artist: { name: 'Luna Vale' },
  release: { title: 'Nightglass', date: '12 June' },
  links: { connect: 'https://l.example/c/abc', undo: 'https://l.example/u/abc' },
  run: { again: false },
  steps: { presave: { status: 'done', reason: 'scheduled' }, text: { status: 'pending', reason: null } },
};

const known: KnownPath[] = [
  { path: 'fan.name', mayBeMissing: true },
  { path: 'artist.name' },
  { path: 'release.title' },
  { path: 'release.date', mayBeMissing: true },
  { path: 'links.connect' },
  { path: 'links.undo' },
  { path: 'run.again' },
  { path: 'steps.*.status' },
  { path: 'steps.*.reason', mayBeMissing: true },
];

describe('renderTemplate', () => {
  test.each([
    ['tap: {{ links.connect }}', 'tap: https://l.example/c/abc'],
    ['hi {{ fan.name | default: "you" }}', 'hi Ada'],
    ['{% if run.again %}again{% else %}first{% endif %}', 'first'],
    ['{% if steps.presave.status == "done" %}set{% else %}not set{% endif %}', 'set'],
    ['{% case steps.presave.reason %}{% when "scheduled" %}soon{% else %}now{% endcase %}', 'soon'],
    ['{% assign t = release.title | upcase %}{{ t }}', 'NIGHTGLASS'],
    ['{{ "2027-06-12T23:30:00Z" | date: "%-d %B %H:%M" }}', '12 June 23:30'],
    ['plain', 'plain'],
    ['', ''],
  ])('R54 R92 %s', (source, text) => {
    expect(renderTemplate(source, scope)).toBe(text);
  });

  test('R92 a missing value uses its fallback, an empty one too', () => {
    for (const name of [null, '', ' ', '@', 'https://evil.example']) {
      const lacking = { ...scope, fan: { name } };
      expect(renderTemplate('hi {{ fan.name | default: "you" }}', lacking)).toBe('hi you');
      expect(renderTemplate('hi{% if fan.name %} {{ fan.name }}{% endif %}!', lacking)).toBe('hi!');
    }
  });

  test('R92 values are escaped for HTML and left alone in texts', () => {
    const odd = { ...scope, fan: { name: '<b>A&B</b>' } };
    expect(renderTemplate('<i>{{ fan.name }}</i>', odd, 'html')).toBe('<i>&lt;b&gt;A&amp;B&lt;/b&gt;</i>');
    expect(renderTemplate('{{ fan.name }}', odd)).toBe('<b>A&B</b>');
  });

  test.each([
    ['{{ fan.secret }}'],
    ['{{ nobody }}'],
    ['{{ fan.constructor.name }}'],
    ['{{ fan.__proto__ }}'],
    ['{% include "x" %}'],
    ['{% render "../../../etc/passwd" %}'],
    ['{% for i in (1..1000000) %}x{% endfor %}'],
    ['{{ fan.name | raw }}'],
    ['{{ fan.name'],
    ['{% if %}'],
  ])('the sandbox refuses %s', (source) => {
    expect(() => renderTemplate(source, scope)).toThrow(TemplateError);
  });

  test('values are not read as templates, and carry no control characters', () => {
    const odd = { ...scope, release: { title: '{{ links.connect }}\0\u0007\u001b[1m', date: null } };
    expect(renderTemplate('{{ release.title }}', odd)).toBe('{{ links.connect }}[1m');
  });

  test('a scope is never changed', () => {
    const frozen = Object.freeze({ ...scope, fan: Object.freeze({ name: '@Ada' }) });
    expect(renderTemplate('{{ fan.name }}', frozen)).toBe('Ada');
    expect(frozen.fan.name).toBe('@Ada');
  });
});

describe('R128 names of strangers', () => {
  test.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['J. R. R. Tolkien', 'J. R. R. Tolkien'],
    ["D'Arcy-Núñez", "D'Arcy-Núñez"],
    ['@ada', 'ada'],
    ['a@b', 'ab'],
    ['win at https://evil.example/x now', 'win at now'],
    ['WWW.evil.example', ''],
    ['evil.example', 'evil example'],
    ['bit.ly/x', 'bit ly/x'],
    ['javascript://x', ''],
    ['Ada\nSTOP\u200b', 'Ada STOP'],
    ['x'.repeat(100), 'x'.repeat(60)],
    ['ＡＤＡ＠evil', 'ＡＤＡevil'],
  ])('%j becomes %j', (name, clean) => {
    expect(cleanPersonName(name)).toBe(clean);
  });

  test('whatever was typed, nothing tappable is left', () => {
    const unit = fc.constantFrom(
      'a',
      'B',
      '.',
      '@',
      '/',
      ':',
      'http',
      's://',
      'www.',
      'evil.com',
      ' ',
      '\n',
      '😀',
      '9',
      '\u200b',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 20 }), (units) => {
        const name = cleanPersonName(units.join(''));
        expect(name).not.toMatch(/@|:\/\/|\bwww\.|[a-z0-9]\.[a-z]{2}|\p{Cc}/iu);
        expect(cleanPersonName(name)).toBe(name);
      }),
      { numRuns: 3000 },
    );
  });
});

const codes = (source: string) =>
  templateProblems(source, known).map(({ code, message }) =>
    `${code} ${/“(.*?)”/.exec(message)?.[1] ?? ''}`.trim(),
  );

describe('R92 templateProblems', () => {
  test.each([
    ['tap: {{ links.connect }} {{ artist.name }} {{ run.again }} {{ steps.presave.status }}'],
    ['hi {{ fan.name | default: "you" }}'],
    ['hi {{ fan.name | upcase | default: "you" }}'],
    ['{% if fan.name %}hi {{ fan.name }}{% endif %}'],
    ['{% if fan.name != blank %}hi {{ fan.name }}{% endif %}'],
    ['{% if fan.name == nil %}hi{% else %}hi {{ fan.name }}{% endif %}'],
    ['{% unless fan.name %}hi{% else %}hi {{ fan.name }}{% endunless %}'],
    ['{% unless fan.name == blank %}hi {{ fan.name }}{% endunless %}'],
    ['{% if fan.name and release.date %}{{ fan.name }}{{ release.date }}{% endif %}'],
    ['{% if run.again %}x{% elsif fan.name %}{{ fan.name }}{% endif %}'],
    ['{% if fan.name %}{% if run.again %}{{ fan.name }}{% endif %}{% endif %}'],
    ['{% case fan.name %}{% when "Ada" %}{{ fan.name }}{% endcase %}'],
    ['{% assign n = fan.name | default: "you" %}{{ n }}'],
    ['{% comment %}{{ nobody }}{% endcomment %}{% raw %}{{ x }}{% endraw %}'],
    ['no merge tags at all: 5 > 3, 100%'],
    [''],
  ])('nothing wrong with %s', (source) => {
    expect(templateProblems(source, known)).toEqual([]);
  });

  test.each([
    ['hi {{ fan.name }}', ['missing_fallback fan.name']],
    ['hi {{ fan.name }} {{ fan.name }}', ['missing_fallback fan.name']],
    ['{% if fan.name %}{% endif %}{{ fan.name }}', ['missing_fallback fan.name']],
    ['{% if fan.name %}x{% else %}{{ fan.name }}{% endif %}', ['missing_fallback fan.name']],
    ['{% if fan.name or run.again %}{{ fan.name }}{% endif %}', ['missing_fallback fan.name']],
    ['{% unless fan.name %}{{ fan.name }}{% endunless %}', ['missing_fallback fan.name']],
    ['{% if run.again %}{{ release.date }}{% endif %}', ['missing_fallback release.date']],
    ['{{ "on " | append: release.date }}', ['missing_fallback release.date']],
    ['{% assign n = fan.name %}{{ n }}', ['missing_fallback fan.name']],
    ['{{ steps.presave.reason }}', ['missing_fallback steps.presave.reason']],
    ['{{ fan.nmae }}', ['unknown_variable fan.nmae']],
    ['{{ fan }}', ['unknown_variable fan']],
    ['{% if nobody.here %}{% endif %}', ['unknown_variable nobody.here']],
    ['{{ steps[fan.name].status }}', ['unknown_variable steps.[fan.name].status']],
    ['{{ name }}', ['unknown_variable name']],
    ['{% for x in steps %}{% endfor %}', ['unknown_tag {% for %}']],
    ['{% include "x" %}', ['unknown_tag {% include %}']],
    ['{{ fan.name | shout }}', ['unknown_filter | shout']],
    ['{{ fan.name', ['template_syntax']],
    ['{% if fan.name %}', ['template_syntax']],
    ['x'.repeat(100_001), ['template_too_long']],
  ])('%.60s gives %j', (source, expected) => {
    expect(codes(source)).toEqual(expected);
  });

  test('a problem says where it is and what would do', () => {
    expect(templateProblems('{{ fan.name }}', known, 'steps.0.config.body')).toEqual([
      {
        severity: 'error',
        path: 'steps.0.config.body',
        code: 'missing_fallback',
        message: 'Not every fan has “fan.name”. Add a fallback: {{ fan.name | default: "…" }}.',
      },
    ]);
  });

  test('a template without problems renders, and never shows a hole', () => {
    const piece = fc.constantFrom(
      'hi ',
      '{{ fan.name }}',
      '{{ fan.name | default: "you" }}',
      '{% if fan.name %}',
      '{% else %}',
      '{% endif %}',
      '{{ links.connect }}',
      '{% if run.again and fan.name != blank %}',
      '{% unless fan.name %}',
      '{% endunless %}',
      '{{ release.date | default: "soon" }}',
      '{{ nobody }}',
      '{{',
    );
    let rendered = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, hasName) => {
        const source = pieces.join('');
        if (templateProblems(source, known).length > 0) return;
        const lacking = {
          ...scope,
          fan: { name: hasName ? 'Ada' : null },
          release: { title: 'x', date: null },
        };
        expect(
          renderTemplate(source.replaceAll('{{ fan.name }}', '[{{ fan.name }}]'), lacking),
        ).not.toContain('[]');
        rendered++;
      }),
      { numRuns: 3000 },
    );
    expect(rendered).toBeGreaterThan(100);
  });

  test('no source makes it throw', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom('{{', '}}', '{%', '%}', '|', 'if', 'fan.name', ':', '"', '[', ']', '..'),
          ),
        ),
        (pieces) => {
          expect(Array.isArray(templateProblems(pieces.join(' '), known))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
