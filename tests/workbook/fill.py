"""Fill in a workbook through LibreOffice, which runs beside this: `fill.py PIPE WORKBOOK FILLED CELLS`.

It runs on the Python that has LibreOffice's `uno`, and types what a person would: dates as numbers of days, all else
as text. `CELLS` is a file of JSON: for each sheet its rows from the third on, each a list of cells, null where nothing
is typed.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

try:
    import uno
    from com.sun.star.beans import PropertyValue
    from com.sun.star.connection import NoConnectException
except ModuleNotFoundError:  # where the tests are collected, on another Python
    uno = None


def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def desktop(pipe):
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    for _ in range(200):
        try:
            there = resolver.resolve(address)
        except NoConnectException:
            time.sleep(0.2)
        else:
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    raise SystemExit("LibreOffice does not answer.")


def put(cell, value):
    try:
        cell.Value = (date.fromisoformat(value) - date(1899, 12, 30)).days
    except (TypeError, ValueError):
        if isinstance(value, int):
            cell.Value = value
        else:
            cell.String = value


def main(pipe, workbook, filled, cells):
    desk = desktop(pipe)
    document = desk.loadComponentFromURL(Path(workbook).as_uri(), "_blank", 0, (option("Hidden", True),))
    for name, rows in json.loads(Path(cells).read_text("utf-8")).items():
        sheet = document.Sheets.getByName(name)
        for down, row in enumerate(rows, start=2):
            for along, value in enumerate(row):
                if value is not None:
                    put(sheet.getCellByPosition(along, down), value)
    document.storeToURL(Path(filled).as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)
    desk.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
