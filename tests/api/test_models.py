"""Models over HTTP: who may look, who may train, and what a bank without a past or a champion is told."""

NOBODY = "00000000-0000-7000-8000-000000000000"


async def test_a_bank_without_a_past_is_told_so_and_nothing_begins(our_bank):
    operator, approver = our_bank.staff["operator"], our_bank.staff["approver"]
    listed = (await operator.ask("GET", "/v1/model-tasks")).json()["items"]
    assert [row["task"]["name"] for row in listed] == ["churn_30", "churn_90", "response", "value"]
    assert [(row["champion"], row["versions"]) for row in listed] == [(None, 0)] * 4
    refused = await operator.ask("POST", "/v1/models/trainings", json={"task": "churn_30"})
    assert (refused.status_code, refused.json()["code"]) == (422, "models.nothing_happened")
    refused = await operator.ask("POST", "/v1/models/scorings", json={"task": "churn_30"})
    assert (refused.status_code, refused.json()["code"]) == (404, "models.no_champion")
    refused = await operator.ask("POST", f"/v1/models/{NOBODY}/submission")
    assert (refused.status_code, refused.json()["code"]) == (404, "models.unknown")
    refused = await approver.ask("POST", "/v1/models/trainings", json={"task": "churn_30"})
    assert refused.status_code == 403
    assert (await approver.ask("GET", "/v1/models")).json()["items"] == []
