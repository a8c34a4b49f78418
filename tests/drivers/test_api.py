from drivers import api


def test_the_api_names_everything_it_offers():
    assert all(hasattr(api, name) for name in api.__all__)
