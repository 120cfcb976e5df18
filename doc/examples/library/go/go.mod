module example.org/compile

go 1.19
