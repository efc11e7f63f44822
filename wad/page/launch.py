"""What the configuration means for the browser."""

from wad.browser.options import LaunchOptions
from wad.browser.proxy import ProxyCredentials
from wad.config import Config, read_proxy_credentials


def launch_options(config: Config) -> LaunchOptions:
    """Give the browser's options; reads the proxy's credentials. Raises ConfigError."""
    browser, deadlines = config.browser, config.deadlines
    known = read_proxy_credentials(browser)
    return LaunchOptions(
        executable=str(browser.executable) if browser.executable else None,
        kind=browser.kind,
        arguments=browser.arguments,
        proxy=browser.proxy,
        proxy_credentials=ProxyCredentials(*known) if known is not None else None,
        start_timeout=deadlines.browser_start,
        silent_timeout=deadlines.browser_silent,
        close_timeout=deadlines.browser_close,
        term_timeout=deadlines.browser_term,
        sandbox=browser.sandbox,
    )
