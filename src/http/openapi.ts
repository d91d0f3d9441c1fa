import { z } from 'zod';
import { apiPrefix, scopes, type Endpoint } from '#lib/endpoint.ts';
import { problemTitles } from './problem.ts';

type Json = Record<string, unknown>;

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(problemTitles) as [string, ...string[]]), // not empty, as the object shows
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  conflict: z.object({ flowId: z.string(), flowName: z.string(), scope: z.string() }).optional(),
  rule: z.string().optional(),
});

/** The OpenAPI 3.1 document of these endpoints: printed from the schemas that check them. */
export function openApi(endpoints: readonly Endpoint[], publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = (paths[apiPrefix + endpoint.path] ??= {});
    path[endpoint.method.toLowerCase()] = operation(endpoint);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Segue',
      version: '1',
      description:
        'A key belongs to one project. Lists are newest first: ask for the next page with `nextCursor`.',
    },
    servers: [{ url: publicUrl }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: `Scopes: ${scopes.join(', ')}` },
      },
      schemas: { Problem: toSchema(problemSchema, 'output') },
    },
  };
}

function operation(endpoint: Endpoint): Json {
  return {
    operationId: operationId(endpoint),
    tags: [endpoint.path.split('/')[1]],
    summary: endpoint.summary,
    description: needs(endpoint),
    ...(endpoint.scope === null && { security: [] }),
    parameters: [...parameters(endpoint.params, 'path'), ...parameters(endpoint.query, 'query')],
    ...(endpoint.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(toSchema(endpoint.body, 'input')) } }),
    ...(endpoint.upload === undefined ? {} : { requestBody: file(endpoint.upload.types) }),
    responses: responses(endpoint),
  };
}

/** What a key or a person has to be allowed. */
export function needs({ scope, permission, isPublic }: Endpoint): string {
  if (isPublic === true) return 'Open to everybody.';
  if (scope === null) return `For people who signed in; no key. Needs the permission \`${permission}\`.`;
  return `Needs the scope \`${scope}\` of a key, or the permission \`${permission}\` of a person.`;
}

function file(types: readonly string[]): Json {
  const schema = { type: 'string', format: 'binary' };
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function operationId({ method, path }: Endpoint): string {
  const words = path.split(/[/{}]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words].join('_');
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties, required } = toSchema(schema, 'input');
  const names = Array.isArray(required) ? required : [];
  return Object.entries(properties ?? {}).map(([name, inner]: [string, unknown]) => ({
    name,
    in: place,
    required: place === 'path' || names.includes(name),
    schema: inner,
  }));
}

function responses(endpoint: Endpoint): Json {
  const { response, status, otherStatuses = {}, streams } = endpoint;
  const problem = {
    description: 'Refused; `code` says why',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  if (streams === true) {
    const stream = { 'text/event-stream': { schema: { type: 'string' } } };
    return { 200: { description: 'A stream of events', content: stream }, default: problem };
  }
  if (response === undefined) return { 204: { description: 'Done' }, default: problem };
  const content = json(toSchema(response, 'output'));
  const others = Object.entries(otherStatuses).map(([code, description]) => [code, { description, content }]);
  return {
    [status ?? 200]: { description: 'Done', content },
    ...Object.fromEntries(others),
    default: problem,
  };
}

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
