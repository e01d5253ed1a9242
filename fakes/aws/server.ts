import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Instant } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { ApiError } from './apiError.ts';
import { autoScalingActions } from './autoScaling.ts';
import type { Handlers } from './call.ts';
import { describeActions } from './describes.ts';
import { type Arranged, Faults } from './faults.ts';
import { type Fields, flagOf } from './fields.ts';
import { fleetActions } from './fleet.ts';
import { instanceActions } from './instances.ts';
import { lifecycleHookActions } from './lifecycleHooks.ts';
import { metadataActions } from './metadata.ts';
import { priceActions } from './prices.ts';
import { type Reply, type Request, readRequest, refusalOf, replyOf, serviceOf } from './protocols.ts';
import { uuidOf } from './queue.ts';
import { spotRequestActions } from './spotRequests.ts';
import { sqsActions } from './sqs.ts';
import { taggingActions } from './tagging.ts';
import { templateActions } from './templates.ts';
import { throttle } from './throttle.ts';

/** A running server. */
export interface AwsServer {
  /** `http://127.0.0.1:PORT`: the endpoint of EC2, Auto Scaling and SQS alike. */
  readonly url: string;
  readonly faults: Faults;
  /** How often each action was called, refused and broken calls included. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many instances wait for a decision of the account's owner. */
  readonly held: number;
  /** How many calls have come and are not answered, hanging ones included. */
  readonly open: number;
  /** Breaks all connections. */
  close(): Promise<void>;
}

/** A connection that rests stays open: it would be closed just when it is used again, now and then, and that call be lost. */
const UNHURRIED = { keepAliveTimeout: 0 };

/** The largest body that is read, in bytes; AWS's own limits are of that order. */
const LARGEST_BODY = 1_048_576;

const EC2_ACTIONS: Handlers = {
  ...instanceActions,
  ...taggingActions,
  ...fleetActions,
  ...spotRequestActions,
  ...templateActions,
  ...describeActions,
  ...priceActions,
  ...metadataActions,
};
const AUTO_SCALING_ACTIONS: Handlers = { ...autoScalingActions, ...lifecycleHookActions };

/**
 * Serves an account on the loopback interface, at a port of the system's choice, in AWS's own protocols. Signatures are not
 * checked, but there must be one. `now` is what the Date header says; the account's clock if left out.
 */
export async function awsServer({
  account,
  now = account.now,
  faults = new Faults(),
}: {
  readonly account: Account;
  readonly now?: () => Instant;
  readonly faults?: Faults;
}): Promise<AwsServer> {
  const calls = new Map<string, number>();
  const draw = throttle(account.now);
  let count = 0;
  let open = 0;

  const server = createServer(UNHURRIED, (request, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
    response.sendDate = false;
    response.setHeader('date', new Date(now() + faults.dateOffMs).toUTCString());
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    count += 1;
    const requestId = uuidOf(`call ${count}`);
    const body = await bodyOf(request);
    if (body === undefined) {
      response.destroy();
      return;
    }
    const { reply, arranged } = await outcome(request, body, requestId, hangUpSignal(response));
    const ending = arranged?.ending;
    if (ending?.kind === 'hang') return;
    if (ending?.kind === 'reset' || ending?.kind === 'lostAnswer') response.destroy();
    else if (ending?.kind === 'body') {
      const text = typeof ending.text === 'string' ? ending.text : ending.text(reply.body);
      send(response, { ...reply, status: ending.status ?? reply.status, body: text });
    } else send(response, reply);
  }

  /** What a call comes to. Never throws: a mistake of this server is AWS's InternalError. */
  async function outcome(
    incoming: IncomingMessage,
    body: string,
    requestId: string,
    signal: AbortSignal,
  ): Promise<{ readonly reply: Reply; readonly arranged?: Arranged }> {
    const service = serviceOf(incoming, body);
    let arranged: Arranged | undefined;
    try {
      const request = readRequest(incoming, body);
      calls.set(request.action, (calls.get(request.action) ?? 0) + 1);
      arranged = faults.take(request.action);
      const { ending } = arranged;
      const untouched = ending?.kind === 'reset' || (ending?.kind === 'hang' && ending.done !== true);
      if (untouched) return { reply: NOTHING, arranged };
      account.tick();
      if (incoming.headers.authorization === undefined)
        throw new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
      if (ending?.kind === 'error') throw new ApiError(ending.code, ending.message ?? ending.code, ending.status);
      if (arranged.throttle !== undefined) draw(request.action, request.params, arranged.throttle.bucket);
      const origin = `http://${incoming.headers.host ?? ''}`;
      const result = await act(account, request, arranged, origin, signal);
      return { reply: replyOf(request, result, requestId), arranged };
    } catch (error) {
      const refusal = error instanceof ApiError ? error : new ApiError('InternalError', String(error), 500);
      return { reply: refusalOf(service, refusal, requestId), ...(arranged !== undefined && { arranged }) };
    }
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    calls,
    get held() {
      return account.undecided;
    },
    get open() {
      return open;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

const NOTHING: Reply = { status: 500, headers: {}, body: '' };

function act(
  account: Account,
  { service, action, params }: Request,
  { lagMs, staleMs, pageSize, repeatsToken }: Arranged,
  origin: string,
  signal: AbortSignal,
): Fields | Promise<Fields> {
  if (service === 'sqs') {
    const handler = Object.hasOwn(sqsActions, action) ? sqsActions[action] : undefined;
    if (handler === undefined) throw noAction(action);
    return handler({ account, params, origin, signal });
  }
  const handlers = service === 'ec2' ? EC2_ACTIONS : AUTO_SCALING_ACTIONS;
  const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined;
  if (handler === undefined) throw noAction(action);
  if (service === 'ec2' && flagOf(params, 'DryRun'))
    throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  const at = account.now();
  const view = { asOf: at - staleMs, bornBy: at - lagMs };
  return handler({ account, params, view, pageSize, repeatsToken });
}

const noAction = (action: string): ApiError =>
  action === ''
    ? new ApiError('MissingAction', 'The request is missing an action or a required parameter.')
    : new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`);

/** The whole body, or undefined if it is too long or breaks off. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request) {
      // Without an encoding set, a request's parts are buffers.
      const bytes = part as Buffer;
      size += bytes.length;
      if (size > LARGEST_BODY) return undefined;
      parts.push(bytes);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts).toString('utf8');
}

function hangUpSignal(response: ServerResponse): AbortSignal {
  const hungUp = new AbortController();
  response.once('close', () => {
    hungUp.abort();
  });
  return hungUp.signal;
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
