import { ALWAYS, after, type Instant, type Millis, minutes } from '../../domain/time.ts';

/** How long a subnet that took no instance is not asked while its zone has another. */
export const FULL_SUBNET_MS: Millis = minutes(5);

/** The subnets that EC2 said are full. A free address more in a list proves nothing: one that takes prefixes needs a whole one. */
export class FullSubnets {
  private readonly untilById = new Map<string, Instant>();

  /** EC2 refused a launch there. */
  note(subnetId: string, at: Instant): void {
    this.untilById.set(subnetId, after(at, FULL_SUBNET_MS));
  }

  /** Until when it is left alone; an instant that has passed if it is not. */
  readonly until = (subnetId: string): Instant => this.untilById.get(subnetId) ?? ALWAYS;
}
