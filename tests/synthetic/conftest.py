import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.synthetic.industry import Industry, make_industry
from pipelines.synthetic.sendings import Conditions, Fieldwork, do_fieldwork


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def industry() -> Industry:
    return make_industry()


@pytest.fixture(scope="session")
def fieldwork(industry: Industry) -> Fieldwork:
    return do_fieldwork(industry, "2025-03", "2025-06", Conditions())
