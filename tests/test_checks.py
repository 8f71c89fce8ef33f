def test_a_setting_that_cannot_be_is_said_across_processes() -> None:
    error = SettingError("seed", "x" * 100, "a whole number")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.field) == (str(error), "seed")
