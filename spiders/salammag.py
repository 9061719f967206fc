"""salammag.com: several sitemaps, of which one was known; nobody has described its pages."""

from gaokerena_data.crawl.pages import GuessedArticlePage
from gaokerena_data.crawl.spiders import SitemapSpider


class SalammagArticle(GuessedArticlePage):
    """An article at the site's root."""

    extractor = "salammag@1"


class Salammag(SitemapSpider):
    """Every shard of the index, not the first alone."""

    name = "salammag"
    pages = (SalammagArticle,)
    # `/slug`, `/ID/slug`, `/2026/01/slug`, or either under a folder for articles.
    record_url = (
        r"^https://salammag\.com/(?:(?:mag|blog|articles?|posts?|news)/)?(?:\d+/){0,3}"
        r"(?!(?:(?:category|categories|tag|author|page|product|feed)(?:/|$)|wp-))"
        r"[^/?.]+(?:\.html?)?$"
    )
    sitemaps = ("https://salammag.com/sitemap_index.xml",)
