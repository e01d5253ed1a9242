import { EVENT_RULES, RETENTION_SECONDS, ruleName } from './queue.ts';
import type { ManifestSettings } from './settings.ts';

/** The same queue and rules as the CloudFormation template, as Terraform for the AWS provider. */
export function queueTerraformOf(settings: ManifestSettings): string {
  const rules = EVENT_RULES.map(
    (rule) => `    ${quoted(ruleName(settings, rule))} = jsonencode(${JSON.stringify(rule.pattern)})`,
  );
  return `# Notices for Spot Keeper: the queue ${settings.queue} and the rules that feed it.

locals {
  spot_keeper_rules = {
${rules.join('\n')}
  }
}

resource "aws_sqs_queue" "spot_keeper" {
  name                      = ${quoted(settings.queue)}
  message_retention_seconds = ${RETENTION_SECONDS}

  # EventBridge cannot write to a queue that is encrypted with the managed key of KMS.
  sqs_managed_sse_enabled = true
}

resource "aws_cloudwatch_event_rule" "spot_keeper" {
  for_each      = local.spot_keeper_rules
  name          = each.key
  event_pattern = each.value
}

resource "aws_cloudwatch_event_target" "spot_keeper" {
  for_each  = aws_cloudwatch_event_rule.spot_keeper
  rule      = each.value.name
  target_id = "queue"
  arn       = aws_sqs_queue.spot_keeper.arn
}

data "aws_iam_policy_document" "spot_keeper_queue" {
  statement {
    sid       = "RulesOnly"
    effect    = "Allow"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.spot_keeper.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for rule in aws_cloudwatch_event_rule.spot_keeper : rule.arn]
    }
  }

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.spot_keeper.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "spot_keeper" {
  queue_url = aws_sqs_queue.spot_keeper.id
  policy    = data.aws_iam_policy_document.spot_keeper_queue.json
}

output "spot_keeper_queue_url" {
  description = "For live.interruptionQueue in the pools file"
  value       = aws_sqs_queue.spot_keeper.id
}
`;
}

/** A string of Terraform's language: as JSON's, but that nothing in it is taken for a template. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');
