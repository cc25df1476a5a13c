from pathlib import Path

import pytest

POSES = Path(__file__).parents[3] / "exercises" / "content" / "poses"
FILES = sorted(POSES.glob("*.pose"))


@pytest.fixture(scope="session", params=FILES, ids=lambda file: file.stem)  # a text is filmed once for all its tests
def pose_text(request: pytest.FixtureRequest) -> str:
    text: str = request.param.read_text()
    return text
