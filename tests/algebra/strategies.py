"""Generated verdicts, texts and places."""

from hypothesis import strategies as st

from s3audit.location import Location
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Evidence, Severity, Status, Verdict, verdict

locations = st.builds(
    Location, st.sampled_from(["a.yaml", "b.yaml"]), st.sampled_from(["", "Resources.A"]), st.integers(0, 3)
)
evidence = st.builds(
    Evidence, locations, st.sampled_from(["x", "y"]), st.sampled_from([None, Severity.LOW, Severity.HIGH])
)


@st.composite
def verdicts(draw: st.DrawFn, status: Status | None = None) -> Verdict:
    chosen = draw(st.sampled_from(list(Status))) if status is None else status
    return verdict(chosen, *draw(st.lists(evidence, max_size=3)))


opaque = st.builds(
    Opaque,
    origin=st.sampled_from(["Env", "Logs", "Data"]),
    resource=st.just(""),
    other_than=st.sampled_from([(), ("ab",)]),
)
literals = st.text("ab-", max_size=3)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    return text(*draw(st.lists(literals | opaque, max_size=4)))
