#!/bin/sh
# Facts are the way from the environment to hiera.yaml.
FACTER_connect_host=$OP_CONNECT_HOST FACTER_connect_token=$OP_CONNECT_TOKEN \
	puppet apply --color=false --hiera_config hiera.yaml main.pp | sed -n 's/^Notice: Scope(Class\[main\]): //p'
