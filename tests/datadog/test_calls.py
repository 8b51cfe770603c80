"""What a question to Datadog leaves behind."""

import sys
from importlib import import_module

from opsdesk.datadog.calls import forget_names


def test_the_names_of_the_clients_files_are_given_back_and_all_of_it_can_still_be_imported() -> None:
    import_module("datadog_api_client.v1.api.metrics_api")
    forget_names()
    assert not [folder for folder in sys.path_importer_cache if "datadog_api_client" in folder]
    sys.modules.pop("datadog_api_client.v1.model.metric_search_response", None)
    assert import_module("datadog_api_client.v1.model.metric_search_response")
