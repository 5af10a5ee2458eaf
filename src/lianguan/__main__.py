"""`python -m lianguan` is the command `lianguan`."""

from lianguan.site.command import main

main()
