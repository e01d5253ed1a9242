/** A refusal in AWS's words. Thrown by handlers of actions, and written by the server in the protocol of the service. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** AWS's error code: `InvalidInstanceID.NotFound`. */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A parameter that the action cannot do without. */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
  return value;
}
