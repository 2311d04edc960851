import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.synthetic.industry import Industry, make_industry


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def industry() -> Industry:
    return make_industry()
