"""The sheet: a table for each size, the original beside it, and where less could be paid."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.aws.cost import original
from infra.aws.cost.bill import HERE, Price, Row, lines, read_prices, read_usage, resources, rows

ENVIRONMENT = "prod"
CENT = 0.005  # what rounds to one
SMALLEST_DATABASE = 21  # USD a month


def sheet(folders: Mapping[str, Path]) -> str:
    """Of templates, by size."""
    prices = read_prices()
    date = tomllib.loads((HERE / "prices.toml").read_text())["date"]
    bills = {
        size: rows(lines(resources(folder, ENVIRONMENT), read_usage(size)), prices) for size, folder in folders.items()
    }
    originals = {size: rows(original.lines(read_usage(size)), prices) for size in folders}
    parts = [
        "# What it costs",
        "Written by `python -m infra.aws.cost` from the templates, [usage.toml](usage.toml) and [prices.toml](prices.toml), and held to them "
        f"by a test. One environment and the two accounts that all share; list prices in Tokyo as of {date}, USD a month, without tax. "
        "None of the prices could be looked up at AWS: prices.toml says whose word each is.",
        table(
            ["", "here", "the serverless original, with the same use"],
            [
                [f"{size}: {read_usage(size)['about']}", usd(total(bills[size])), usd(total(originals[size]))]
                for size in folders
            ],
        ),
        "The original pays by the request, and nothing while nobody comes. Here a database and web servers run by the hour: that buys "
        "search, orders and transactions, which DynamoDB does not have, and it is dear for a hundred people. The workers on Spot, "
        "the Scheduler instead of a clock that runs, Cognito's Lite tier and, at hobby size, the tasks without NAT are in these sums already.",
    ]
    for size in folders:
        parts += [f"## {size}", f"{sentence(read_usage(size)['about'])}.", bill_table(bills[size], prices)]
        parts += [
            "The original:",
            bill_table(originals[size], prices),
            savings(size, bills[size]),
        ]
    return "\n\n".join(parts) + "\n"


def sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def total(bill: list[Row]) -> float:
    return sum(row.usd for row in bill)


def bill_table(bill: list[Row], prices: Mapping[str, Price]) -> str:
    """What costs less than a cent is in the sum, and not in a row of its own."""
    shown = []
    for row in sorted(bill, key=lambda row: -row.usd):
        price = prices[row.line.price]
        if row.usd >= CENT:
            free = f", {number(row.given)} of them free" if row.given else ""
            quantity = f"{number(row.line.quantity)}{free}"
            shown.append([row.line.what, quantity, f"{price.usd:g} per {price.per}", usd(row.usd)])
    names = sorted({row.line.what for row in bill if row.usd < CENT} - {row[0] for row in shown})
    shown.append(["**Together**", "", "", f"**{usd(total(bill))}**"])
    nothing = f"\n\nFree, or less than a cent: {'; '.join(names)}." if names else ""
    return table(["resource", "quantity", "price", "USD"], shown) + nothing


@dataclass(frozen=True)
class Saving:
    how: str
    takes: str  # to get there
    usd: float
    sizes: tuple[str, ...] = ("hobby", "shop", "large")


def savings(size: str, bill: list[Row]) -> str:
    """What each would save of this very bill. None of the changes is made: the sheet says what they would be worth."""

    def costs(*beginnings: str) -> float:
        return sum(row.usd for row in bill if row.line.what.startswith(beginnings))

    instances, relay = costs("Aurora: its instances"), costs("Fargate: relay")
    on_demand = sum(row.usd for row in bill if row.line.price.startswith("fargate"))
    every = [
        Saving(
            "Aurora that pauses, awake four hours a day; the first page after a pause waits about 15 seconds",
            "`least = 0`; and in the code: no pool of connections, no relay that asks all day",
            instances * 20 / 24 + relay,
            ("hobby",),
        ),
        Saving(
            f"One RDS db.t4g.micro with 20 GB instead of Aurora ({SMALLEST_DATABASE} USD, remembered)",
            "another cluster in `data.py`",
            instances - SMALLEST_DATABASE,
            ("hobby",),
        ),
        Saving(
            "An HTTP API with a VPC link instead of the load balancer",
            "another way in, in `service.py` and `edge.py`",
            costs("Load balancer"),
            ("hobby",),
        ),
        Saving("No WAF: then floods reach the site, and its own limits", "`edge.py`", costs("WAF"), ("hobby",)),
        Saving("No Container Insights", "`insights = false`", costs("Container Insights"), ("shop", "large")),
        Saving("The relay on Spot: what it was sending is sent again", "`spot = true`", relay * 0.7, ("shop", "large")),
        Saving(
            "Public subnets, without NAT and endpoints; the addresses of tasks cost a part of it",
            "`private = false`",
            costs("NAT", "Public addresses of NAT", "Endpoints", "What goes through"),
            ("shop", "large"),
        ),
        Saving(
            "A Compute Savings Plan of a year (20 %, remembered)",
            "a promise to AWS",
            on_demand * 0.2,
            ("shop", "large"),
        ),
        Saving(
            "A Database Savings Plan of a year (30 %, remembered)",
            "a promise to AWS",
            instances * 0.3,
            ("shop", "large"),
        ),
        Saving(
            "Prices for CloudFront and Cognito that are agreed on (half, guessed)",
            "a contract: nobody of this size pays the list",
            costs("CloudFront", "Cognito") * 0.5,
            ("large",),
        ),
    ]
    lower = [[saving.how, saving.takes, usd(saving.usd)] for saving in every if size in saving.sizes and saving.usd > 0]
    return "How to go lower, each by itself:\n\n" + table(["how", "what it takes", "USD less"], lower)


def table(heading: list[str], body: list[list[str]]) -> str:
    """Figures, which stand last, to the right."""
    line = ["---"] * (len(heading) - 1) + ["---:"]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heading, line, *body])


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"


def usd(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:,.2f}"
