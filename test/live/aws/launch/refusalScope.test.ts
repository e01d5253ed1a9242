import { describe, expect, it } from 'vitest';
import { scopeIn } from '../../../../src/live/aws/launch/refusalScope.ts';

describe('what EC2 says that a refused launch is about', () => {
  it.each([
    ['OptInRequired', 'You are not subscribed to this service.', 'account'],
    ['VolumeLimitExceeded', 'You have exceeded your volume limit.', 'account'],
    ['AuthFailure.ServiceLinkedRoleCreationNotPermitted', 'The provided credentials do not have permission.', 'term'],
    [
      'InvalidParameterValue',
      "The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of the specified AMI.",
      'type',
    ],
    ['InvalidParameterCombination', "The instance type 'c6g.large' does not support specifying CpuOptions.", 'type'],
  ])('%s: %s is about the %s', (code, message, scope) => {
    expect(scopeIn({ code, message })).toBe(scope);
  });

  it.each([
    ['InsufficientInstanceCapacity', 'We currently do not have sufficient m5.large capacity.'],
    ['VcpuLimitExceeded', 'You have requested more vCPU capacity than your current vCPU limit of 8 allows.'],
    ['MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded'],
    ['UnauthorizedOperation', 'You are not authorized to perform this operation.'],
    ['InvalidParameterValue', 'Value (x) for parameter groupId is invalid.'],
    ['InvalidAMIID.NotFound', "The image id '[ami-1]' does not exist"],
    ['constructor', ''],
  ])('%s does not say: %s', (code, message) => {
    expect(scopeIn({ code, message })).toBeUndefined();
  });
});
