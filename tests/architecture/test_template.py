"""What the embedded AWS does not enforce, the template must still say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft4Validator

from local import validator
from switchboard.domain.receipts import EVENTS_OF_TEXTS
from tests.architecture.template import ROOT, functions, resources, statements, template

FUNCTIONS = sorted(functions())
KEY = {"Fn::GetAtt": "Key.Arn"}
ALARMS_OF_THE_AUDIT = {
    "AuditSilentAlarm": ("AuditHeartbeat", "LessThanThreshold", 1, "breaching"),
    "QuestionRepairedAlarm": ("QuestionRepaired", "GreaterThanOrEqualToThreshold", 1, "notBreaching"),
    "QuestionUnrepairedAlarm": ("QuestionUnrepaired", "GreaterThanOrEqualToThreshold", 1, "notBreaching"),
    "OldestDueAlarm": ("OldestDueSeconds", "GreaterThanThreshold", 600, "notBreaching"),
}


def _stem(function: str) -> str:
    return function.removesuffix("Function")


def _folder(function: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", _stem(function)).lower()


def _alarm(metric: str, dimension: dict[str, Any]) -> dict[str, Any] | None:
    alarms = [found["Properties"] for found in resources("AWS::CloudWatch::Alarm").values()]
    return next((one for one in alarms if one["MetricName"] == metric and one["Dimensions"] == [dimension]), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# --- functions -------------------------------------------------------------------------------------------------------


def test_every_function_folder_is_a_function_and_the_other_way_round() -> None:
    folders = {found.parent.name for found in (ROOT / "functions").glob("*/app.py")}

    assert {_folder(name) for name in FUNCTIONS} == folders


def test_the_makefile_of_the_functions_knows_each_folder() -> None:
    makefile = (ROOT / "functions" / "Makefile").read_text()

    assert dict(re.findall(r"^build-(\w+): FOLDER = (\w+)$", makefile, re.MULTILINE)) == {
        name: _folder(name) for name in FUNCTIONS
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_named_like_its_folder(name: str) -> None:
    function = functions()[name]

    assert function["Handler"] == f"functions.{_folder(name)}.app.handler"
    assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == _folder(name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_its_timeout_and_memory(name: str) -> None:
    assert 1 <= functions()[name]["Timeout"] <= 120
    assert functions()[name]["MemorySize"] >= 256


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_timer_that_runs_every_minute_ends_before_the_next_run(name: str) -> None:
    rates = [event["Properties"].get("ScheduleExpression") for event in functions()[name]["Events"].values()]

    assert "rate(1 minute)" not in rates or functions()[name]["Timeout"] < 60


@pytest.mark.parametrize("name", FUNCTIONS)
def test_logs_are_kept_for_a_set_time_and_encrypted(name: str) -> None:
    group = template()["Resources"][f"{_stem(name)}Logs"]["Properties"]

    assert functions()[name]["LoggingConfig"] == {"LogGroup": {"Ref": f"{_stem(name)}Logs"}}
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert group["KmsKeyId"] == KEY


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_function_gives_up_on_lies_in_an_encrypted_queue_with_an_alarm(name: str) -> None:
    queue = f"{_stem(name)}Failures"
    to_queue = {"OnFailure": {"Type": "SQS", "Destination": {"Fn::GetAtt": f"{queue}.Arn"}}}

    assert functions()[name]["EventInvokeConfig"]["DestinationConfig"] == to_queue
    assert template()["Resources"][queue]["Properties"]["KmsMasterKeyId"] == KEY
    alarm = _alarm(
        "ApproximateNumberOfMessagesVisible", {"Name": "QueueName", "Value": {"Fn::GetAtt": f"{queue}.QueueName"}}
    )
    assert alarm is not None
    assert alarm["Threshold"] == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_that_fails_raises_an_alarm(name: str) -> None:
    alarm = _alarm("Errors", {"Name": "FunctionName", "Value": {"Ref": name}})

    assert alarm is not None
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_every_alarm_reaches_the_topic() -> None:
    alarms = resources("AWS::CloudWatch::Alarm")

    assert alarms
    assert all(found["Properties"]["AlarmActions"] == [{"Ref": "AlarmsTopic"}] for found in alarms.values())


def test_a_sweep_that_does_not_run_raises_an_alarm() -> None:
    alarm = template()["Resources"]["SweepSilentAlarm"]["Properties"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ({"Fn::Sub": "Switchboard/${AWS::StackName}"}, "SweepHeartbeat")
    assert alarm["TreatMissingData"] == "breaching"


def test_the_watchdog_is_watched_and_what_it_finds_is_told() -> None:
    alarms = {name: template()["Resources"][name]["Properties"] for name in ALARMS_OF_THE_AUDIT}

    assert {
        name: (one["MetricName"], one["ComparisonOperator"], one["Threshold"], one["TreatMissingData"])
        for name, one in alarms.items()
    } == ALARMS_OF_THE_AUDIT


# --- triggers --------------------------------------------------------------------------------------------------------


def _events(kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, event["Properties"])
        for name, function in functions().items()
        for event in function["Events"].values()
        if event["Type"] == kind
    ]


def test_a_stream_consumer_gives_up_on_one_record_and_not_on_the_batch() -> None:
    consumers = _events("DynamoDB")

    assert {name for name, _ in consumers} == {"NotifyStaffFunction", "SendAnswersFunction", "PauseAllPostsFunction"}
    for name, event in consumers:
        if name == "PauseAllPostsFunction":
            assert event["BatchSize"] == 1  # the switch alone; the timer does what a lost record did not
            continue
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert event["BisectBatchOnFunctionError"] is True
        assert event["MaximumRetryAttempts"] == 3
        assert event["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": f"{_stem(name)}Failures.Arn"}
        assert _alarm("IteratorAge", {"Name": "FunctionName", "Value": {"Ref": name}}) is not None


def test_the_stream_wakes_only_those_who_have_something_to_do() -> None:
    heard = {
        name: [json.loads(found["Pattern"]) for found in event["FilterCriteria"]["Filters"]]
        for name, event in _events("DynamoDB")
    }
    keys = {"post_id": {"S": ["crisis"]}, "item": {"S": ["now"]}}
    assert heard.pop("PauseAllPostsFunction") == [{"dynamodb": {"Keys": keys}}]

    assert all(pattern["eventName"] == ["INSERT"] for patterns in heard.values() for pattern in patterns)
    assert {name: [_heard(pattern) for pattern in patterns] for name, patterns in heard.items()} == {
        "NotifyStaffFunction": [
            "message#",
            "change#",
            "event# handed_over passed_on claimed closed answer_sent answered_elsewhere",
        ],
        "SendAnswersFunction": ["answer#"],
    }


def _heard(pattern: dict[str, Any]) -> str:
    image = pattern["dynamodb"]["NewImage"]
    kinds = image.get("kind", {}).get("S", [])
    return " ".join([image["item"]["S"][0]["prefix"], *kinds])


def test_the_timer_comes_to_everyone_who_does_what_is_due() -> None:
    assert {name: event["ScheduleExpression"] for name, event in _events("ScheduleV2")} == {
        "EscalateQuestionsFunction": "rate(1 minute)",
        "SendAnswersFunction": "rate(1 minute)",
        "PublishDuePostsFunction": "rate(1 minute)",
        "PauseStalePostsFunction": "rate(15 minutes)",
        "SettleHoldsFunction": "rate(1 minute)",
        "PauseAllPostsFunction": "rate(1 minute)",
        "PollChannelsFunction": "rate(1 minute)",
        "ReadCalendarsFunction": "rate(1 hour)",
        "ReportCoverageFunction": "rate(1 day)",
        "AuditQuestionsFunction": "rate(15 minutes)",
    }


def test_two_stacks_in_one_account_have_timers_of_their_own() -> None:
    names = [event["Name"]["Fn::Sub"] for _, event in _events("ScheduleV2")]

    assert all(name.startswith("${AWS::StackName}-") for name in names)
    assert len(set(names)) == len(names)


def test_every_route_names_its_method() -> None:
    routes = [(event["Method"], event["Path"]) for _, event in _events("Api")]

    assert {method for method, _ in routes} == {"GET", "POST"}
    assert len(set(routes)) == len(routes)


def test_what_this_account_sent_and_nothing_else_is_told_to_who_hears_receipts() -> None:
    (statement,) = template()["Resources"]["ReceiptsTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    key = template()["Resources"]["Key"]["Properties"]["KeyPolicy"]["Statement"]
    (through,) = [one for one in key if one["Sid"] == "ReceiptsReachTheTopic"]

    assert [(name, event["Topic"]) for name, event in _events("SNS")] == [
        ("ReceiveSmsFunction", {"Ref": "RepliesTopic"}),
        ("ReceiveReceiptsFunction", {"Ref": "ReceiptsTopic"}),
    ]
    assert template()["Resources"]["ReceiptsTopic"]["Properties"]["KmsMasterKeyId"] == KEY
    for allowed in (statement, through):
        assert allowed["Principal"] == {"Service": ["ses.amazonaws.com", "sms-voice.amazonaws.com"]}
        assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_emails_and_texts_are_sent_by_a_set_that_tells_what_became_of_them() -> None:
    emails = template()["Resources"]["EmailReceiptsDestination"]["Properties"]
    texts = template()["Resources"]["TextReceipts"]["Properties"]
    (destination,) = texts["EventDestinations"]
    senders = [function["Environment"]["Variables"] for function in functions().values()]

    assert emails["ConfigurationSetName"] == texts["ConfigurationSetName"] == {"Ref": "EmailReceipts"}
    assert emails["EventDestination"]["SnsDestination"] == {"TopicARN": {"Ref": "ReceiptsTopic"}}
    assert destination["SnsDestination"] == {"TopicArn": {"Ref": "ReceiptsTopic"}}
    assert {kind for kind in EVENTS_OF_TEXTS if kind not in destination["MatchingEventTypes"]} == set()
    assert [one["RECEIPTS_SET"] for one in senders if "SENDER_EMAIL" in one] == [
        {"Ref": "EmailReceipts"} for one in senders if "SENDER_EMAIL" in one
    ]


# --- permissions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_role_of_its_own_and_no_managed_policy(name: str) -> None:
    role = template()["Resources"][f"{_stem(name)}Role"]["Properties"]

    assert functions()[name]["Role"] == {"Fn::GetAtt": f"{_stem(name)}Role.Arn"}
    assert "ManagedPolicyArns" not in role
    assert "Policies" not in functions()[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_role_has_a_wildcard_action(name: str) -> None:
    actions = [action for statement in statements(f"{_stem(name)}Role") for action in _listed(statement["Action"])]

    assert actions
    assert not [action for action in actions if "*" in action]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_what_has_no_arn_is_allowed_on_every_resource(name: str) -> None:
    everywhere = {
        action
        for statement in statements(f"{_stem(name)}Role")
        if statement["Effect"] == "Allow" and "*" in _listed(statement["Resource"])
        for action in _listed(statement["Action"])
    }

    # SMS to a number, and whether it has opted out; tracing; the list of streams; email on the embedded AWS only.
    known = {
        "sns:Publish",
        "sns:CheckIfPhoneNumberIsOptedOut",
        "sns:ListPhoneNumbersOptedOut",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "dynamodb:ListStreams",
        "ses:SendEmail",
    }
    assert everywhere <= known


@pytest.mark.parametrize("role", ["NotifyStaffRole", "EscalateQuestionsRole", "ReceiveSmsRole"])
def test_who_may_send_texts_cannot_reach_a_topic_and_sends_email_from_one_address(role: str) -> None:
    denied = [statement for statement in statements(role) if statement["Effect"] == "Deny"]
    email = [one for one in statements(role) if one["Action"] == "ses:SendEmail" and "Condition" in one]

    assert [statement["Action"] for statement in denied] == ["sns:Publish"]
    assert email[0]["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "SenderEmail"}}}


@pytest.mark.parametrize(
    "role",
    [
        "ReceiveWebhookRole",
        "NotifyStaffRole",
        "PollChannelsRole",
        "EscalateQuestionsRole",
        "ReceiveReceiptsRole",
        "ReceiveSmsRole",
        "SendAnswersRole",
        "ReadCalendarsRole",
        "ReportCoverageRole",
        "AuditQuestionsRole",
    ],
)
def test_who_does_not_handle_posts_sees_only_the_config_in_their_table(role: str) -> None:
    posts = [one for one in statements(role) if one["Resource"] == {"Fn::GetAtt": "PostsTable.Arn"}]

    only_config: dict[str, Any] = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["config#automation"]}}
    more = {
        "NotifyStaffRole": ["channel#*", "calendar#*"],
        "PollChannelsRole": ["channel#*"],
        "EscalateQuestionsRole": ["calendar#*"],
        "ReceiveSmsRole": ["calendar#*"],
        "ReadCalendarsRole": ["calendar#*"],
        "ReportCoverageRole": ["calendar#*", "coverage#told"],
    }.get(role, [])
    with_more = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["config#automation", *more]}}
    switch = [{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["crisis"]}}] if role == "ReceiveSmsRole" else []
    assert [one["Condition"] for one in posts] == [with_more if more else only_config, *switch]


def test_nobody_may_delete_from_the_tables_that_are_kept() -> None:
    for name in FUNCTIONS:
        for statement in statements(f"{_stem(name)}Role"):
            if "dynamodb:DeleteItem" in _listed(statement["Action"]):
                assert statement["Resource"] == {"Fn::GetAtt": "ShortLivedTable.Arn"}


# --- what is kept ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(resources("AWS::DynamoDB::Table")))
def test_a_table_is_on_demand_expires_items_and_is_encrypted_with_our_key(name: str) -> None:
    table = resources("AWS::DynamoDB::Table")[name]["Properties"]

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}


@pytest.mark.parametrize("name", ["QuestionsTable", "PostsTable"])
def test_what_people_wrote_survives_a_mistake_and_the_stack(name: str) -> None:
    table = resources("AWS::DynamoDB::Table")[name]

    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsLocal", False, True]}


@pytest.mark.parametrize(
    "name", ["Key", "QuestionsTable", "PostsTable", "QuarantineBucket", "FacebookSecret", "WebFormSecret"]
)
def test_deleting_the_stack_keeps(name: str) -> None:
    found = template()["Resources"][name]

    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_quarantine_is_closed_encrypted_and_short() -> None:
    bucket = template()["Resources"]["QuarantineBucket"]["Properties"]
    policy = template()["Resources"]["QuarantineBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    encryption = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    assert [rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"]] == [7]
    assert policy[0]["Effect"] == "Deny"
    assert policy[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("name", sorted(resources("AWS::SecretsManager::Secret")))
def test_a_channel_without_signing_secrets_is_closed(name: str) -> None:
    secret = resources("AWS::SecretsManager::Secret")[name]["Properties"]

    assert json.loads(secret["GenerateSecretString"]["SecretStringTemplate"])["signing_secrets"] == []
    assert secret["GenerateSecretString"]["GenerateStringKey"] == "verify_token"
    assert secret["KmsKeyId"] == KEY


def test_the_key_is_rotated_and_used_only_through_the_services() -> None:
    key = template()["Resources"]["Key"]["Properties"]
    open_to_all = [one for one in key["KeyPolicy"]["Statement"] if one["Principal"] == {"AWS": "*"}]

    assert key["EnableKeyRotation"] is True
    assert all({"kms:CallerAccount", "kms:ViaService"} == set(one["Condition"]["StringEquals"]) for one in open_to_all)


# --- parameters, build, config ---------------------------------------------------------------------------------------


def test_every_parameter_says_what_it_is() -> None:
    assert all(found.get("Description") for found in template()["Parameters"].values())


@pytest.mark.parametrize("makefile", ["functions/Makefile", "layers/switchboard/Makefile"])
def test_the_build_is_for_the_runtime_and_processor_that_the_template_deploys(makefile: str) -> None:
    defaults = dict(re.findall(r"^SWITCHBOARD_(\w+) \?= ([\w.]+)$", (ROOT / makefile).read_text(), re.MULTILINE))

    for variable, parameter in (("RUNTIME", "Runtime"), ("ARCHITECTURE", "Architecture")):
        assert (
            defaults.get(variable, template()["Parameters"][parameter]["Default"])
            == (template()["Parameters"][parameter]["Default"])
        )


def test_the_layer_ships_every_service_that_is_wired() -> None:
    makefile = (ROOT / "layers/switchboard/Makefile").read_text()
    (shipped,) = re.findall(r"^SERVICES := (.+)$", makefile, re.MULTILINE)
    wired = re.findall(r'client\("([\w-]+)"', (ROOT / "layers/switchboard/switchboard/wiring.py").read_text())

    assert {"dynamodb", "pinpoint-sms-voice-v2"} <= set(wired)
    assert set(wired) <= set(shipped.split())


def test_the_validator_of_the_config_is_the_model() -> None:
    assert validator.PATH.read_text(encoding="utf-8") == validator.text(), "run: python -m local.validator"


def test_the_validator_is_a_schema_of_the_draft_that_appconfig_knows() -> None:
    content = json.loads(validator.validator()["Content"])

    Draft4Validator.check_schema(content)
    assert "$defs" not in json.dumps(content)


def test_the_layer_ships_the_dependencies_of_the_lock() -> None:
    shipped = dict(
        re.findall(r"^([\w.-]+)==([^ ;]+)", (ROOT / "layers/switchboard/requirements.txt").read_text(), re.MULTILINE)
    )
    locked = dict(re.findall(r'^name = "([^"]+)"\nversion = "([^"]+)"', (ROOT / "uv.lock").read_text(), re.MULTILINE))

    assert {"boto3", "pydantic", "aws-lambda-powertools"} <= shipped.keys()
    assert {name: locked[name] for name in shipped} == shipped, "run: make lock"


def test_an_alarm_and_the_functions_speak_of_the_same_namespace() -> None:
    written = template()["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
    alarms = [found["Properties"] for found in resources("AWS::CloudWatch::Alarm").values()]

    assert {str(alarm["Namespace"]) for alarm in alarms if not str(alarm["Namespace"]).startswith("AWS/")} == {
        str(written)
    }
    assert any(alarm["MetricName"] == "5XXError" for alarm in alarms)
