"""The Step page, without a browser: one equation at a time, from stage to stage."""

from __future__ import annotations

from typing import Any

import pytest
from node import unpack
from streamlit.testing.v1 import AppTest

from nnviz.by_hand.worked import EQUATIONS, STAGES
from nnviz.player.wire import without_head
from nnviz.ui.views.equation import IN_ORDER


def page_of_step() -> None:
    """What `AppTest` runs."""
    from nnviz.ui.controls.catalogue import default_values
    from nnviz.ui.controls.translation import spec_of
    from nnviz.ui.views.step import step_page

    step_page(spec_of(default_values()), {})


def visit(**address: str) -> AppTest:
    page = AppTest.from_function(page_of_step, default_timeout=30)
    page.query_params.update(address)
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def equation_of(page: AppTest) -> str:
    """The one that is shown: its name, alone in what is bold."""
    shown = [one.value for one in page.markdown if one.value.startswith("**")]
    assert len(shown) == 1, "one at a time"
    return str(shown[0].split("**")[1])


def network_of(page: AppTest) -> dict[str, Any]:
    found = (unpack(without_head(one.proto.bytes)) for one in page.get("bidi_component")
             if one.proto.bytes)  # fmt: skip
    (picture,) = [
        picture for sent in found for picture in sent["pictures"] if picture["name"] == "path"
    ]
    return dict(picture)


def test_next_and_back_go_through_all_equations_of_all_stages() -> None:
    page = visit()
    for at, (stage, equation) in enumerate(IN_ORDER):
        assert not page.exception
        assert page.session_state["stage"] == stage
        assert equation_of(page) == equation
        assert network_of(page)["title"] == f"What {equation} uses"
        buttons = {one.label: one.disabled for one in page.button}
        assert buttons["Back"] == (at == 0)
        assert buttons["Next"] == (at == len(IN_ORDER) - 1)
        if at < len(IN_ORDER) - 1:
            press(page, "Next")
    for _stage, equation in reversed(IN_ORDER[:-1]):
        press(page, "Back")
        assert equation_of(page) == equation
    assert not page.exception


@pytest.mark.parametrize("stage", STAGES)
def test_all_equations_of_a_stage_can_be_chosen(stage: str) -> None:
    page = visit(stage=stage)
    (row,) = [one for one in page.button_group if one.key == f"equation {stage}"]
    assert tuple(row.options) == EQUATIONS[stage]
    assert equation_of(page) == EQUATIONS[stage][0]
    assert "equation" not in page.query_params
    page.button_group(key=f"equation {stage}").set_value(EQUATIONS[stage][-1]).run()
    assert equation_of(page) == EQUATIONS[stage][-1]
    assert page.query_params["equation"] in (EQUATIONS[stage][-1], [EQUATIONS[stage][-1]])


def test_an_address_names_an_equation_and_one_of_another_stage_is_the_first() -> None:
    assert equation_of(visit(equation="(9)")) == "(9)"
    page = visit(stage="loss", equation="(9)")
    assert equation_of(page) == "(11), sample"
    assert "equation" not in page.query_params
    assert equation_of(visit(stage="update", equation="(28) W²")) == "(28) W²"


def test_the_chosen_component_is_said_counted_from_1() -> None:
    page = visit(sample="4", unit="2", output="1", equation="(7)")
    said = next(one.value for one in page.markdown if one.value.startswith("**"))
    assert "sample *m* = 5" in said
    assert "hidden unit *j* = 3" in said
    assert "class" not in said


def test_on_a_tour_the_arrow_keys_are_the_tour_s(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [one.proto.shortcut for one in visit().button if one.label in ("Back", "Next")]
    assert [key.lower() for key in keys] == ["left", "right"]
    monkeypatch.setattr("nnviz.ui.views.equation.touring", lambda: object())
    keys = [one.proto.shortcut for one in visit().button if one.label in ("Back", "Next")]
    assert keys == ["", ""]
