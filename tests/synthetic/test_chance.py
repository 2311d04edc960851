from pipelines.synthetic.chance import Chance


def _numbers(chance, matter, number=0):
    return chance.of(matter, number).random(5).tolist()


def test_the_same_matter_gives_the_same_numbers():
    assert _numbers(Chance(7), "moves", 2024) == _numbers(Chance(7), "moves", 2024)


def test_seed_matter_and_number_each_change_them():
    base = _numbers(Chance(7), "moves", 2024)
    others = [
        _numbers(Chance(8), "moves", 2024),
        _numbers(Chance(7), "exits", 2024),
        _numbers(Chance(7), "moves", 2025),
    ]
    assert base not in others
    assert len({tuple(each) for each in others}) == 3
