"""The HTTP operations of the sample community."""

from __future__ import annotations

from ninja import Status

from hutong.sample import actions, queries
from hutong.sample.schemas import SampleStatus
from hutong.workspaces import access

router = access.Router(tags=["sample"])


@router.get("/sample", permission="communities.manage", response=SampleStatus, operation_id="sample_get", summary="The sample community")
def get(request: access.Request) -> queries.Status:
    """Whether the sample community is loaded, and its size."""
    return queries.status(request.workspace)


@router.post(
    "/sample", permission="communities.manage", response={201: SampleStatus}, operation_id="sample_load", summary="Load the sample community"
)
def load(request: access.Request) -> Status[queries.Status]:
    """Make the sample community: 3,000 members, 180 days that end yesterday, about 200,000 events. Takes some seconds."""
    actions.install(request.workspace, actor=request.actor)
    return Status(201, queries.status(request.workspace))


@router.delete("/sample", permission="communities.manage", response={204: None}, operation_id="sample_remove", summary="Remove the sample community")
def remove(request: access.Request) -> Status[None]:
    """Take out the sample community with all its members and events. Whatever was imported into its groups goes too."""
    actions.remove(request.workspace, actor=request.actor)
    return Status(204, None)
