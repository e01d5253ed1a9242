import type { IncomingMessage } from 'node:http';
import { ApiError } from './apiError.ts';
import { type Field, type Fields, isFields, textOf } from './fields.ts';
import { parseQuery } from './query.ts';
import { escapeXml, writeXml } from './xml.ts';

export type Service = 'ec2' | 'autoscaling' | 'sqs';

/** A call as it was understood: of which service, which action, with what. */
export interface Request {
  readonly service: Service;
  readonly action: string;
  readonly params: Fields;
}

/** An answer as it goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The service is told by what a call says of itself, never by its path: one address serves all of them, as with
 * `AWS_ENDPOINT_URL`.
 *
 * @throws ApiError if the body cannot be read, or it is for a service that is not simulated
 */
export function readRequest(request: IncomingMessage, body: string): Request {
  const service = serviceOf(request, body);
  if (service === 'sqs') {
    const target = request.headers['x-amz-target'];
    return { service, action: String(target).slice('AmazonSQS.'.length), params: jsonFields(body) };
  }
  const query = request.url?.split('?')[1] ?? '';
  const params = parseQuery(body === '' ? query : body);
  return { service, action: textOf(params, 'Action') ?? '', params };
}

/** Which service a call is meant for, also one that cannot be read any further. */
export function serviceOf({ headers, url = '' }: IncomingMessage, body: string): Service {
  if (String(headers['x-amz-target']).startsWith('AmazonSQS.')) return 'sqs';
  const version = new URLSearchParams(body === '' ? (url.split('?')[1] ?? '') : body).get('Version');
  if (version === '2011-01-01') return 'autoscaling';
  // What a signature is for stands in its scope: key, day, region, service.
  const scope = /Credential=[^/]*\/\d+\/[^/]*\/([^/,]*)\//.exec(headers.authorization ?? '')?.[1];
  return version === null && scope === 'autoscaling' ? 'autoscaling' : 'ec2';
}

/** What an action answered, in the protocol of its service. */
export function replyOf(
  { service, action }: Pick<Request, 'service' | 'action'>,
  result: Fields,
  requestId: string,
): Reply {
  switch (service) {
    case 'ec2':
      return xml(
        200,
        `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${requestId}</requestId>${writeXml(result, 'item')}</${action}Response>`,
        requestId,
      );
    case 'autoscaling':
      return xml(
        200,
        `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><${action}Result>${writeXml(result, 'member')}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
        requestId,
      );
    case 'sqs':
      return json(200, result, requestId);
  }
}

/** A refusal in the protocol of the service. */
export function refusalOf(service: Service, error: ApiError, requestId: string): Reply {
  const code = escapeXml(error.code);
  const message = escapeXml(error.message);
  switch (service) {
    case 'ec2':
      return xml(
        error.status,
        `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
        requestId,
      );
    case 'autoscaling': {
      // Auto Scaling says it in its own way, and with another status.
      const throttled = error.code === 'RequestLimitExceeded';
      const type = error.status < 500 || throttled ? 'Sender' : 'Receiver';
      return xml(
        throttled ? 400 : error.status,
        `<ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error><Type>${type}</Type><Code>${throttled ? 'Throttling' : code}</Code><Message>${throttled ? 'Rate exceeded' : message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
        requestId,
      );
    }
    case 'sqs': {
      const queryCode = error.code === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : error.code;
      const reply = json(
        error.status,
        { __type: `com.amazonaws.sqs#${error.code}`, message: error.message },
        requestId,
      );
      const side = error.status < 500 ? 'Sender' : 'Receiver';
      return { ...reply, headers: { ...reply.headers, 'x-amzn-query-error': `${queryCode};${side}` } };
    }
  }
}

const xml = (status: number, body: string, requestId: string): Reply => ({
  status,
  headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

const json = (status: number, body: Fields, requestId: string): Reply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
  body: JSON.stringify(body),
});

function jsonFields(body: string): Fields {
  try {
    const value = fieldOf(JSON.parse(body === '' ? '{}' : body));
    if (isFields(value)) return value;
  } catch {
    // Told below, with whatever else is no object.
  }
  throw new ApiError('SerializationException', 'The request body is no JSON object.');
}

/** What JSON.parse gave, as parts; null is left out. */
function fieldOf(value: unknown): Field {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(fieldOf);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fieldOf(part)]));
}
