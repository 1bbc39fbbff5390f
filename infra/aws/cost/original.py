"""The serverless original with the same use: API Gateway, Lambda, DynamoDB, S3, CloudFront and Cognito, and nothing by the hour."""

from collections.abc import Iterator

from infra.aws.cost.bill import Line, Usage

SECONDS = 0.15  # of a request
GIGABYTES = 0.5  # of a function


def lines(usage: Usage) -> Iterator[Line]:
    requests = usage["dynamic_requests"]  # million
    yield Line("Route 53: the zone", 1, "zone")
    yield Line("Secrets", 1, "secret")
    yield Line("API Gateway", requests, "api_requests")
    yield Line("Lambda: calls", requests, "lambda_requests")
    yield Line("Lambda: time", requests * SECONDS * GIGABYTES, "lambda_gb_seconds")
    yield Line("DynamoDB: reads", requests * usage["reads_of_a_request"], "table_reads")
    yield Line("DynamoDB: writes", requests * usage["writes_of_a_request"], "table_writes")
    yield Line("DynamoDB: what it stores", usage["database_gb"], "table_gb")
    yield Line("S3: pictures and files", usage["files_gb"], "s3_gb")
    yield Line("S3: pictures and files", usage["files_written"], "s3_puts")
    yield Line("S3: pictures and files", usage["files_read"], "s3_gets")
    yield Line("CloudFront: what it sends", usage["edge_gb"], "edge_gb")
    yield Line("CloudFront: requests", usage["edge_requests"], "edge_requests")
    yield Line("Cognito", usage["active"], "cognito_lite")
    yield Line("SES", usage["mails"], "mails")
    yield Line("CloudWatch: logs", usage["logs_gb"], "logs_gb")
